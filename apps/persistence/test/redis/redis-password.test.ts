import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { sharedEnv } from '@emailauth/testing/services'
import { afterAll, beforeAll, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const PASSWORD = 'planted-password'

let redis: TestRedis
beforeAll(async () => {
  redis = await startRedis()
  await redisCommand(redis.port, 'CONFIG', 'SET', 'requirepass', 'another')
})
afterAll(() => redis?.stop())

/** Starts the service until it gives up; all that it writes. */
async function writtenOf(url: string): Promise<string> {
  const env = { PATH: process.env.PATH, ...sharedEnv(redis.url), EMAILAUTH_REDIS_URL: url }
  const child = spawn(process.execPath, [MAIN], {
    env: { ...env, EMAILAUTH_ENV_FILE: '', EMAILAUTH_LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += chunk))
  await once(child, 'close')
  return written
}

test('a password that Redis refuses is neither in the log nor in the reason of the failed start', async () => {
  const written = await writtenOf(`redis://:${PASSWORD}@127.0.0.1:${redis.port}`)
  expect(written).toContain('WRONGPASS')
  expect(written).toContain(`Redis cannot be reached at redis://…@127.0.0.1:${redis.port}`)
  expect(written).not.toContain(PASSWORD)
})

test('nor is the rest of one that has an @', async () => {
  const written = await writtenOf(`redis://:half@${PASSWORD}@127.0.0.1:${redis.port}`)
  expect(written).toContain('Redis cannot be reached')
  expect(written).not.toContain(PASSWORD)
})
