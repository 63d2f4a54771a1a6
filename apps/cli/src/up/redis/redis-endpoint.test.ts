import { parseRedisUrl } from '@emailauth/redis/connection/redis-url'
import { expect, test } from 'vitest'
import { redisConfig } from './redis-config.ts'
import { chooseRedisEndpoint } from './redis-endpoint.ts'

test('a socket in the folder, by a URL that leads back to it', async () => {
  const endpoint = await chooseRedisEndpoint('/data/a b%20#?é', 'pw', 'linux')
  expect(endpoint).toMatchObject({ kind: 'socket', path: '/data/a b%20#?é/redis.sock' })
  expect(parseRedisUrl(endpoint.url)).toEqual({
    kind: 'single',
    options: { path: '/data/a b%20#?é/redis.sock' },
  })
})

test.each([
  ['a path too long for a socket', `/${'x'.repeat(90)}`, 'linux'],
  ['a path too long in bytes', `/${'é'.repeat(48)}`, 'linux'],
  ['a system without them', '/data', 'win32'],
] as const)('%s: a port on loopback behind the password', async (_name, folder, platform) => {
  const endpoint = await chooseRedisEndpoint(folder, 'p/w:@', platform)
  expect(endpoint.kind).toBe('port')
  expect(parseRedisUrl(endpoint.url)).toMatchObject({ options: { host: '127.0.0.1', password: 'p/w:@' } })
})

test('the configuration keeps every acknowledged write and cannot be broken out of', async () => {
  const lines = redisConfig('/a "b" \\c', { kind: 'port', port: 7000, password: 'x"\\', url: '' }).split('\n')
  expect(lines).toContain('dir "/a \\"b\\" \\\\c"')
  expect(lines).toContain('requirepass "x\\"\\\\"')
  for (const line of [
    'appendonly yes',
    'appendfsync always',
    'maxmemory-policy noeviction',
    'bind 127.0.0.1',
  ]) {
    expect(lines).toContain(line)
  }
})
