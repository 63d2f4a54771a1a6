import { expect, test } from 'vitest'
import { EVERYWHERE } from '../store/notifications.ts'
import { changedTenants } from './changed-tenants.ts'

function start() {
  let now = 0
  let notify: (ids: ReadonlySet<string>) => void = () => {}
  const changed = changedTenants(
    {
      subscribe(listener) {
        notify = listener
        return () => {}
      },
      isLive: () => true,
    },
    () => now,
  )
  return {
    changed,
    notify: (...ids: string[]) => notify(new Set(ids)),
    pass: (ms: number) => {
      now += ms
      return now
    },
  }
}

// The first one is looked at in any case.
const IDS = ['first', 'shop']

test.each(['shop', EVERYWHERE])(
  'after a notification for %s a look that finds nothing counts only 3 s later',
  (notified) => {
    const { changed, notify, pass } = start()
    notify(notified)
    changed.foundNothing('shop', 0)
    notify(notified)
    changed.foundNothing('shop', pass(2999))
    expect(changed.among(IDS, 1)).toContain('shop')
    expect(changed.areQuiet(['shop'])).toBe(false)
    changed.foundNothing('shop', pass(1))
    expect(changed.among(IDS, 1)).toEqual(['first'])
    expect(changed.areQuiet(['shop'])).toBe(true)
    expect(changed.areQuiet(IDS)).toBe(false)
  },
)

test('within five minutes each tenant is looked at in any case, however often looks come', () => {
  const { changed, pass } = start()
  pass(1000)
  expect(changed.anyway(3000)).toBe(10)
  pass(4000)
  expect(changed.anyway(3000)).toBe(40)
  pass(300_000)
  expect(changed.anyway(3000)).toBe(3000)
  expect(changed.anyway(3000)).toBe(1)
  expect(changed.anyway(0)).toBe(0)
})
