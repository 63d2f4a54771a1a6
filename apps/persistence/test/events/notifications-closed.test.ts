import { connectRedis } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { expect, onTestFinished, test, vi } from 'vitest'
import { BLOCK_MS, createNotifications } from '../../src/store/notifications.ts'

const SERVERS = { redis: () => startRedis(), Cluster: () => startCluster() }

test.each([
  ['redis', 'connected'],
  ['redis', 'reconnecting'],
  ['Cluster', 'connected'],
  ['Cluster', 'reconnecting'],
] as const)(
  '%s: nothing is read any more once the connection is closed, when it was %s',
  async (kind, was) => {
    const servers = await SERVERS[kind]()
    onTestFinished(() => servers.stop())
    const options = { onError: () => {}, commandTimeoutMs: 2 * BLOCK_MS }
    // A busy machine may need more than one attempt.
    const waiting = await eventually(() => connectRedis(servers.url, options), 60_000)
    onTestFinished(() => waiting.disconnect())
    const notifications = createNotifications(waiting, waiting)
    const reads = vi.spyOn(waiting, 'xrevrange')
    notifications.subscribe(() => {})
    await eventually(() => expect(notifications.isLive()).toBe(true))
    if (was === 'reconnecting') {
      await servers.stop()
      await eventually(() => expect(waiting.status).toBe('reconnecting'))
    }
    waiting.disconnect()
    // A listener starts the reading where it has ended.
    await eventually(() => {
      reads.mockClear()
      notifications.subscribe(() => {})
      expect(reads).toHaveBeenCalledTimes(1)
    })
  },
)
