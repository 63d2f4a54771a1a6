import { EventEmitter } from 'node:events'
import { leftAtSignal } from '@emailauth/testing/left-at-signal'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AT_REST_MS } from './aligned-timer.ts'
import { createChanges } from './changes.ts'
import { createLongPoll } from './long-poll.ts'

/** A server whose one route answers what `look` finds; it counts the looks. */
async function serve(
  waitSeconds: number | undefined,
  found: (look: number) => string,
  isRestless = () => false,
) {
  const app = Fastify({ forceCloseConnections: 'idle' })
  const longPoll = createLongPoll(app)
  const changes = createChanges()
  let looks = 0
  let looked = () => {}
  app.get('/', (_request, reply) =>
    longPoll(reply, {
      look: async () => {
        looks += 1
        looked()
        return found(looks)
      },
      isEmpty: (text) => text === '',
      waitSeconds,
      changes,
      isRestless,
    }),
  )
  const url = await app.listen({ port: 0 })
  const firstLook = new Promise<void>((resolve) => {
    looked = resolve
  })
  return { app, url, firstLook, looks: () => looks, changes }
}

test('it answers at once when nobody waits, and when there is something', async () => {
  for (const [waitSeconds, found] of [
    [undefined, ''],
    [0, ''],
    [60, 'an outcome'],
  ] as const) {
    const it = await serve(waitSeconds, () => found)
    expect(await (await fetch(it.url)).text()).toBe(found)
    expect(it.looks()).toBe(1)
    await it.app.close()
  }
})

test('it waits until there is something, and looks without a change too', async () => {
  expect(AT_REST_MS).toBe(4000)
  const it = await serve(60, (look) => (look < 2 ? '' : 'an outcome'))
  expect(await (await fetch(it.url)).text()).toBe('an outcome')
  expect(it.looks()).toBe(2)
  await it.app.close()
})

test('when the time is over it answers that there is nothing', async () => {
  const it = await serve(0.05, () => '')
  expect(await (await fetch(it.url)).text()).toBe('')
  // A timer may fire a moment early, also more than once; then there are some looks more.
  expect(it.looks()).toBeGreaterThanOrEqual(2)
  expect(it.looks()).toBeLessThan(20)
  await it.app.close()
})

test('a server that closes lets waiting callers go with an empty answer', async () => {
  const it = await serve(3600, () => '')
  const answer = fetch(it.url)
  await it.firstLook
  await it.app.close()
  expect(await (await answer).text()).toBe('')
})

test('nothing is looked for on behalf of a caller that has hung up', async () => {
  const it = await serve(3600, () => '')
  const hangUp = new AbortController()
  const answer = fetch(it.url, { signal: hangUp.signal })
  await it.firstLook
  hangUp.abort()
  await expect(answer).rejects.toThrow()
  // Closing waits for the handler, which ends without another look.
  await it.app.close()
  expect(it.looks()).toBe(1)
})

test('a caller that was answered leaves nothing behind', async () => {
  const made: AbortSignal[] = []
  class Recorded extends AbortController {
    constructor() {
      super()
      made.push(this.signal)
    }
  }
  vi.stubGlobal('AbortController', Recorded)
  const it = await serve(0.05, (look) => (look === 1 ? 'an outcome' : ''))
  vi.unstubAllGlobals()
  expect(made.length).toBeGreaterThan(0)
  const left = () => made.map(leftAtSignal)
  const before = left()
  for (let call = 0; call < 3; call++) await (await fetch(it.url)).text()
  expect(left()).toEqual(before)
  await it.app.close()
})

/** A caller that waits for up to 20 s, by the clock of the test. It counts the looks of each. */
function pollByFakeClock(isRestless = false) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const longPoll = createLongPoll({ addHook: () => {} } as unknown as FastifyInstance)
  const reply = { raw: new EventEmitter() } as unknown as FastifyReply
  const changes = createChanges()
  const look = vi.fn(async () => '')
  const poll = longPoll(reply, {
    look,
    isEmpty: (text) => text === '',
    waitSeconds: 20,
    changes,
    isRestless: () => isRestless,
  })
  return { poll, changes, look }
}

test.each([
  ['once a second while something is left that no change tells of', true, 20, 22],
  ['each four seconds at rest', false, 4, 6],
])('it looks %s', async (_how, isRestless, least, most) => {
  const { poll, look } = pollByFakeClock(isRestless)
  await vi.advanceTimersByTimeAsync(21_000)
  await poll
  // At the beginning, at the end, and in between at whole seconds of the process.
  expect(look.mock.calls.length).toBeGreaterThanOrEqual(least)
  expect(look.mock.calls.length).toBeLessThanOrEqual(most)
})

test('a change is a reason to look soon, and more of them to look once a second', async () => {
  const { poll, changes, look } = pollByFakeClock()
  for (let ms = 0; ms < 10_000; ms += 100) {
    changes.happened()
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(look.mock.calls.length).toBeGreaterThanOrEqual(9)
  expect(look.mock.calls.length).toBeLessThanOrEqual(11)
  look.mockImplementation(async () => 'an outcome')
  changes.happened()
  await vi.advanceTimersByTimeAsync(2000)
  expect(await poll).toBe('an outcome')
})
