import { expect, test } from 'vitest'
import { withoutPassword } from './without-password.ts'

test.each([
  ['redis://a:6379/2', 'redis://a:6379/2'],
  ['redis://[::1]:6379', 'redis://[::1]:6379'],
  ['unix:///run/redis.sock', 'unix:///run/redis.sock'],
  ['redis+sentinel://a:1,b:2/m', 'redis+sentinel://a:1,b:2/m'],
  ['redis://u:secret@a:1,rediss://:secret@b:2', 'redis://…@a:1,rediss://…@b:2'],
  ['redis://secret@a, redis://b', 'redis://…@a, redis://b'],
  ['rediss+sentinel://:secret@a,b/m?sentinelPassword=secret', 'rediss+sentinel://…@a,b/m?…'],
  ['smtps://u:secret@a?rate=1,smtp://b', 'smtps://…@a?…,smtp://b'],
  // The URL parser allows it, so Redis is reached.
  ['redis://u:secret@secret@a', 'redis://…@a'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown)
})

test.each([
  'secret',
  'redis:/u:secret@a',
  'redis://:secret',
  'redis://u:secret',
  'redis://u:x/secret@a',
  'redis://12/secret@a',
  'redis://u:x,secret@a',
  'redis://u:x?secret@a',
  'redis://u:x#secret@a',
  'redis://u@secret:x:secret',
  'redis+sentinel://a/m?sentinelPassword=x@secret',
  'smtp://u:x@secret@a',
  'smtp://u:secret @a',
  'smtp://u:secret\n@a,smtps://u:secret,@b',
])('of %j, which is mistyped, nothing of the password is shown', (url) => {
  expect(withoutPassword(url)).not.toContain('secret')
})

test('a port has five digits at most; more are a password', () => {
  expect(withoutPassword('redis://a:65535')).toBe('redis://a:65535')
  expect(withoutPassword('redis://a:123456')).toBe('redis://…')
})
