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
    expect(changed.among(IDS)).toContain('shop')
    changed.foundNothing('shop', pass(1))
    expect(changed.among(IDS)).toEqual(notified === EVERYWHERE || notified === 'shop' ? ['first'] : IDS)
  },
)

test('each look takes a three-hundredth of the tenants in any case', () => {
  const { changed } = start()
  expect([1, 300, 301, 3000].map(changed.anyway)).toEqual([1, 1, 2, 10])
})
