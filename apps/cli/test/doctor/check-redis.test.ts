import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyAsOldRedis } from '@emailauth/testing/old-redis'
import { startRedis, startRedisOf } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { checkRedis } from '../../src/doctor/check-redis.ts'

test('a Redis whose INFO is renamed away is examined as any other', async () => {
  const server = await startRedis(
    '--rename-command',
    'INFO',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  )
  try {
    const found = await checkRedis(server.url)
    expect(found.map(({ name, state }) => [name, state])).toEqual([
      ['Redis', 'ok'],
      ['Redis append-only', 'ok'],
      ['Redis memory', 'ok'],
    ])
  } finally {
    await server.stop()
  }
})

test('a Redis that is too old for the services is a failure, with its version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-old-'))
  const { program, version } = await copyAsOldRedis(folder)
  const server = await startRedisOf(program)
  try {
    expect(await checkRedis(server.url)).toMatchObject([
      {
        name: 'Redis',
        state: 'fail',
        detail: `Redis at ${server.url} is ${version}; emailauth needs Redis 6.2 or newer, or Valkey.`,
        fix: expect.stringContaining('Upgrade'),
      },
    ])
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
})
