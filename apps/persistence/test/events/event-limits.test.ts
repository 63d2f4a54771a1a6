import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createEventLog } from '../../src/events/event-log.ts'
import type { EventFilter } from '../../src/events/event-selection.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import type { Notifications } from '../../src/store/notifications.ts'
import { register } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { madeTenant } from './recorded-events.ts'
import { addCopies } from './stream-copies.ts'

let it: TestStore
beforeAll(async () => {
  it = await openTestStore('redis-server')
})
afterAll(() => it?.close())

test('for a page of one type 1,000 events are looked through; the next page goes on', async () => {
  const tenant = await madeTenant(it)
  await register(it.store, tenant)
  const key = `${keyPrefix(tenant.id, 0)}events`
  const [[, fields] = ['', []]] = await it.redis.xrangeBuffer(key, '-', '+', 'COUNT', 1)
  await addCopies(it.redis, key, fields, 1001 - (await it.redis.xlen(key)))
  const pageOf = (before?: string) =>
    it.store.events.page({ tenantId: tenant.id, audit: false, types: ['verified'], first: 1, before })
  const { events, hasMore, endCursor } = await pageOf()
  expect([events, hasMore]).toEqual([[], true])
  expect(await pageOf(endCursor ?? '')).toMatchObject({ events: [], hasMore: false })
})

/** A reader whose notifications all get lost. Each of its waits ends at once, and took 4.5 s by its clock. */
async function aReader(filter: EventFilter, tenantIds: readonly string[]) {
  const { setTimeout } = globalThis
  const now = performance.now.bind(performance)
  let waited = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + waited)
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, ms: number) => {
    if (ms !== 4500) return setTimeout(act, ms)
    waited += ms
    return setTimeout(act, 0)
  }) as never)
  const lost: Notifications = { notify: () => {}, subscribe: () => () => {}, isLive: () => true }
  const log = createEventLog(it.store.context, { ids: async () => [...tenantIds] }, lost)
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const batches = log.follow(filter, undefined, stop.signal)
  const next = async () => (await batches.next()).value?.map(({ type }) => type)
  expect(await next()).toEqual([])
  return next
}

test('without a notification a reader is told after 4 s that nothing is new, and looks itself after 5 s', async () => {
  const tenant = await madeTenant(it)
  const next = await aReader({ tenantId: tenant.id, audit: false }, [])
  await register(it.store, tenant)
  expect(await next()).toEqual([])
  expect(await next()).toEqual(['registered'])
})

test('a reader of 2,000 streams looks itself after 10 s', async () => {
  const tenant = await madeTenant(it)
  const others = Array.from({ length: 1999 }, (_, at) => `none-${at}`)
  const next = await aReader({ audit: false }, [tenant.id, ...others])
  await register(it.store, tenant)
  expect(await next()).toEqual([])
  expect(await next()).toEqual([])
  expect(await next()).toEqual(['registered'])
})
