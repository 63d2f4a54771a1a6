import { expect, test } from 'vitest'
import type { CookieName, Cookies } from '../access/cookies.ts'
import { createKnownBrowsers } from './known-browsers.ts'

const [ADA, BOB] = ['ada@example.com', 'bob@example.com']
const DAY_MS = 86_400_000

function browser() {
  const kept = new Map<CookieName, string>()
  const cookies: Cookies = {
    host: 'localhost',
    read: (name) => kept.get(name),
    write: (name, value) => void kept.set(name, value),
    clear: (name) => void kept.delete(name),
  }
  return { cookies, kept }
}

test('a browser is known for the admin who signed in with it, by every gateway, for 180 days', () => {
  const clock = { ms: 1_000_000 }
  const open = (token = 's'.repeat(32)) => createKnownBrowsers([token], () => clock.ms)
  const { cookies, kept } = browser()
  expect(open().find(ADA, cookies)).toBeUndefined()
  open().remember(ADA, cookies)
  const device = open().find(ADA, cookies)
  expect(device).toMatch(/^[\w-]{22}$/)
  expect(open().find(BOB, cookies)).toBeUndefined()
  expect(open('x'.repeat(32)).find(ADA, cookies)).toBeUndefined()
  clock.ms += 180 * DAY_MS - 1
  expect(open().find(ADA, cookies)).toBe(device)
  open().remember(ADA, cookies)
  expect(open().find(ADA, cookies), 'it keeps its name').toBe(device)
  clock.ms += 180 * DAY_MS
  expect(open().find(ADA, cookies)).toBeUndefined()
  kept.set('device', 'nonsense')
  expect(open().find(ADA, cookies)).toBeUndefined()
})

test('while the service token is replaced, what either token sealed opens; the first one seals', () => {
  const [before, after] = ['b'.repeat(32), 'a'.repeat(32)]
  const { cookies } = browser()
  createKnownBrowsers([before]).remember(ADA, cookies)
  const device = createKnownBrowsers([before, after]).find(ADA, cookies)
  expect(device).toMatch(/^[\w-]{22}$/)
  createKnownBrowsers([after, before]).remember(ADA, cookies)
  expect(createKnownBrowsers([after]).find(ADA, cookies)).toBe(device)
  expect(createKnownBrowsers([before]).find(ADA, cookies)).toBeUndefined()
})
