import { expect, test } from 'vitest'
import { parseRedisUrl } from './redis-url.ts'
import { redisUrlWarnings } from './redis-url-warnings.ts'

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
  ['redis://h:6379?db=1', 'without ?db=: redis://host:6379/1'],
  ['redis://h:6379/2?family=0&database=1', 'without ?db=: redis://host:6379/1'],
  ['rediss://h/1#2', 'nothing after #'],
  ['redis://u:12?secret@h', 'write ? as %3F'],
  ['redis://a:1,redis://b:2?db=1', 'without ?db='],
  ['unix:///run/redis.sock?db=1', 'without ?db='],
  ['unix://run', 'is its path alone: unix:///run/redis.sock'],
  ['unix://u:secret@/run/redis.sock', 'A Redis URL reads redis://'],
  ['redis+sentinel://a,b/m#1', 'ends with master-name/database?options'],
  ['redis+sentinel://a,b/m/0/x', 'ends with master-name/database?options'],
])('%s is refused in a sentence that says what is wrong with it', (url, sentence) => {
  expect(() => parseRedisUrl(url)).toThrow(sentence)
  expect(() => parseRedisUrl(url)).not.toThrow('secret')
})

test.each([
  ['rediss://h:6379?ssl_cert_reqs=none', 'Options after ?'],
  ['redis://h:6379/1?family=0&db=1', 'Options after ?'],
  ['unix:///run/redis.sock?db=0', 'Options after ?'],
  ['unix://localhost/run/redis.sock', 'only the path is used'],
  ['redis://a:1,unix:///run/redis.sock', 'no nodes at unix:// paths'],
  ['redis://a:1/2,redis://b:2/2', 'no database but 0'],
  ['redis://:p@a:1,redis://:secret@b:2', 'The first URL of a Cluster'],
  ['redis://a:1,redis://u:secret@b:2', 'The first URL of a Cluster'],
  ['redis://a:1,rediss://b:2', 'The first URL of a Cluster'],
  ['redis+sentinel://a?x,b/m', 'Options after ?'],
])('%s connects as before, with one warning: %s', (url, sentence) => {
  expect(() => parseRedisUrl(url)).not.toThrow()
  expect(redisUrlWarnings(url)).toEqual([expect.stringContaining(sentence)])
  expect(redisUrlWarnings(url).join()).not.toMatch(/secret/)
})

test.each([
  ...['', 'redis://h:6379', 'rediss://u:p@h:6379/2', 'unix:///run/redis.sock'],
  ...['redis://u:p@a:1,redis://b:2', 'redis://u:p@a:1/0, redis://u:p@b:2/0'],
  ...['redis+sentinel://u:p@a,b/m/1?sentinelPassword=x', 'nonsense'],
])('%j has no warning', (url) => {
  expect(redisUrlWarnings(url)).toEqual([])
})

test('nodes of a Cluster need not repeat user and password', () => {
  expect(parseRedisUrl('redis://u:p@a:1,redis://b:2')).toMatchObject({
    kind: 'cluster',
    options: { username: 'u', password: 'p' },
  })
})
