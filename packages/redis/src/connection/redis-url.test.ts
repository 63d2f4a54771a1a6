import { expect, test } from 'vitest'
import { parseRedisUrl } from './redis-url.ts'

test.each([
  ['redis://localhost', { kind: 'single', options: { host: 'localhost', port: 6379 } }],
  [
    'redis://u:p%40ss@h:7000/3',
    { kind: 'single', options: { host: 'h', port: 7000, username: 'u', password: 'p@ss', db: 3 } },
  ],
  ['rediss://h', { kind: 'single', options: { host: 'h', port: 6379, tls: {} } }],
  ['redis://[::1]:7000', { kind: 'single', options: { host: '::1', port: 7000 } }],
  ['unix:///run/redis.sock', { kind: 'single', options: { path: '/run/redis.sock' } }],
  [
    'redis://:p@a:1,redis://:p@b:2',
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      options: { password: 'p' },
    },
  ],
  [
    'redis+sentinel://:p@a:1,b/mymaster',
    {
      kind: 'sentinel',
      options: {
        name: 'mymaster',
        password: 'p',
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
      },
    },
  ],
  [
    'rediss+sentinel://u:p@a,b/m/2?sentinelUser=s&sentinelPassword=q%2F',
    {
      kind: 'sentinel',
      options: {
        name: 'm',
        db: 2,
        username: 'u',
        password: 'p',
        sentinelUsername: 's',
        sentinelPassword: 'q/',
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 26379 },
        ],
      },
    },
  ],
  [
    'rediss+sentinel://a/m?sentinelTls=false',
    {
      kind: 'sentinel',
      options: {
        name: 'm',
        tls: {},
        enableTLSForSentinelMode: true,
        sentinels: [{ host: 'a', port: 26379 }],
      },
    },
  ],
])('%s', (url, address) => {
  expect(parseRedisUrl(url)).toEqual(address)
})

test.each(['', 'localhost:6379', 'http://h', 'redis+sentinel://a,b', 'redis+sentinel://a/redis?tls=no'])(
  '%j is refused with the right form',
  (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/redis/)
  },
)

test.each([
  ['redis://h:637x9', 'with a number as its port'],
  ['redis://h:70000', 'with a number as its port'],
  ['redis://a:1,b:2', 'begins with redis://'],
  ['redis+sentinel://a:x/m', 'with a number as its port'],
  ['redis://h/abc', 'database of a Redis URL is a number'],
  ['redis+sentinel://a/m/1x', 'database of a Redis URL is a number'],
  ['redis://u:%zz@h', 'write % as %25'],
])('%s is refused in a sentence that says what is wrong with it', (url, sentence) => {
  expect(() => parseRedisUrl(url)).toThrow(sentence)
})
