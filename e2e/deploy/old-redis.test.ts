import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyAsOldRedis } from '@emailauth/testing/old-redis'
import { startRedisOf } from '@emailauth/testing/redis'
import { sharedEnv, startMailer, startPersistence, startServe } from '@emailauth/testing/services'
import { expect, onTestFinished, test } from 'vitest'

test('no service starts on a Redis that is too old; each says so in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-old-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { program, version } = await copyAsOldRedis(folder)
  const redis = await startRedisOf(program)
  onTestFinished(() => redis.stop())
  const env = sharedEnv(redis.url)
  for (const start of [startPersistence, startMailer, startServe]) {
    await expect(start({ env })).rejects.toThrow(
      `\nRedis at ${redis.url} is ${version}; emailauth needs Redis 6.2 or newer, or Valkey.\n`,
    )
  }
})
