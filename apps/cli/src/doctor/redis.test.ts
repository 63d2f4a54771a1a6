import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { checkRedis } from './redis.ts'

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
