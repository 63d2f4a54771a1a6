import { expect, test, vi } from 'vitest'
import { waitAtMost } from './wait-at-most.ts'

const never = new Promise<never>(() => {})

test('work that is not over in time is not waited for', async () => {
  await waitAtMost(5, never)
})

test.each([
  ['ends', Promise.resolve()],
  ['is none', undefined],
])('when the work %s before, no timer is left', async (_how, work) => {
  // A time of its own: what other files left may use timers too.
  const ms = 61_234
  const set = vi.spyOn(globalThis, 'setTimeout')
  const clear = vi.spyOn(globalThis, 'clearTimeout')
  await waitAtMost(ms, work)
  const timer = set.mock.results[set.mock.calls.findIndex(([, after]) => after === ms)]?.value
  expect(timer).toBeDefined()
  expect(clear.mock.calls).toContainEqual([timer])
})

test('its failure is passed on', async () => {
  await expect(waitAtMost(600_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})
