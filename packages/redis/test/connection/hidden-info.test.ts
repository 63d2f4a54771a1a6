import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { Cluster } from 'ioredis'
import { expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { tolerateHiddenInfo } from '../../src/connection/hidden-info.ts'

test('a Redis whose INFO is renamed away is connected to, also again after it was gone, and by a copy', async () => {
  const server = await startRedis('--rename-command', 'INFO', '')
  const redis = await connectRedis(server.url, { onError: () => {} })
  try {
    expect(await redis.set('k', 'v')).toBe('OK')
    expect(await redis.info()).toBe('')
    await server.restart()
    await eventually(async () => expect(await redis.set('k', 'v')).toBe('OK'))
    if (redis instanceof Cluster) throw new Error('not a single Redis')
    const copy = redis.duplicate()
    copy.on('error', () => {})
    await eventually(async () => expect(await copy.get('k')).toBe('v')).finally(() => copy.disconnect())
  } finally {
    redis.disconnect()
    await server.stop()
  }
})

test('a server that shows INFO answers for itself, and a fault stays a fault', async () => {
  const server = await startRedis()
  const redis = await connectRedis(server.url, { onError: () => {} })
  tolerateHiddenInfo(redis, 'none')
  try {
    expect(await redis.info('server')).toContain('redis_version:')
    await server.kill()
    await expect(redis.info('server')).rejects.toThrow()
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
