import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyAsOldRedis } from '@emailauth/testing/old-redis'
import { startRedisOf } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import {
  isOlder,
  LEAST_REDIS_VERSION,
  OldRedisError,
  redisVersionIn,
} from '../../src/connection/server-version.ts'

test.each([
  ['2.8.24', true],
  ['5.0.14', true],
  ['6.0.16', true],
  ['6.1.240', true],
  ['6.2.0', false],
  ['6.2', false],
  ['6.2.14', false],
  ['6.10.0', false],
  ['7.0.15', false],
  ['10.0.0', false],
  // A build of the newest source says so.
  ['255.255.255', false],
  // What cannot be read is no reason not to start.
  ['unstable', false],
  ['', false],
])('Redis %s is too old: %s', (version, expected) => {
  expect(isOlder(version, LEAST_REDIS_VERSION)).toBe(expected)
})

test('the version stands in INFO, where a server shows it', () => {
  expect(redisVersionIn('# Server\r\nredis_version:6.0.16\r\nredis_git_sha1:0\r\n')).toBe('6.0.16')
  expect(redisVersionIn('server_name:valkey\r\nvalkey_version:8.1.1\r\nredis_version:7.2.4\r\n')).toBe(
    '7.2.4',
  )
  expect(redisVersionIn('')).toBeUndefined()
  expect(redisVersionIn('old_redis_version:1.0\r\n')).toBeUndefined()
})

test('a server of an older version is refused in one sentence, unless it hides its version', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-old-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { program, version } = await copyAsOldRedis(folder)
  const old = await startRedisOf(program)
  onTestFinished(() => old.stop())
  const refused = await connectRedis(old.url, { onError: () => {} }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(OldRedisError)
  expect((refused as Error).message).toBe(
    `Redis at ${old.url} is ${version}; emailauth needs Redis 6.2 or newer, or Valkey.`,
  )
  const hidden = await startRedisOf(program, '--rename-command', 'INFO', '')
  onTestFinished(() => hidden.stop())
  const redis = await connectRedis(hidden.url, { onError: () => {} })
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
})

test('a Cluster of an older version is refused too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-old-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { program, version } = await copyAsOldRedis(folder)
  vi.stubEnv('EMAILAUTH_TEST_REDIS', program)
  onTestFinished(() => void vi.unstubAllEnvs())
  const cluster = await startCluster()
  onTestFinished(() => cluster.stop())
  await expect(connectRedis(cluster.url, { onError: () => {} })).rejects.toThrow(` is ${version}; `)
})
