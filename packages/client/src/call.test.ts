import { getEventListeners } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { type ClientOptions, createClient } from './client.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A client whose requests are answered by `answer`, and the headers that they had. */
function clientOf(answer: () => Response | Promise<Response>, options: Partial<ClientOptions> = {}) {
  const sent: Headers[] = []
  const client = createClient({
    url: 'http://gateway.test',
    apiKey: 'k',
    fetch: async (_url, init) => {
      sent.push(new Headers(init?.headers))
      return answer()
    },
    ...options,
  })
  return { client, sent }
}

const viewer = () => Response.json({ data: { viewer: { scope: 'TENANT' } } })
const fails = () => Promise.reject(new TypeError('fetch failed'))

test.each([
  ['answered', viewer],
  ['not answered', fails],
])('a call that was %s leaves nothing at the signal of its caller, and no timer', async (_how, answer) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const caller = new AbortController()
  const { client } = clientOf(answer)
  await client.viewer({ signal: caller.signal, maxRetries: 0 }).catch(() => {})
  expect([getEventListeners(caller.signal, 'abort').length, vi.getTimerCount()]).toEqual([0, 0])
})

test('hooks hear how long an attempt took, whether it was answered or not', async () => {
  let now = 5000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const took: number[] = []
  const note = ({ durationMs }: { readonly durationMs: number }) => void took.push(durationMs)
  const hooks = { onResponse: note, onError: note }
  const after = (ms: number, answer: typeof viewer | typeof fails) => () => {
    now += ms
    return answer()
  }
  await clientOf(after(7, viewer), { hooks }).client.viewer()
  await clientOf(after(8, fails), { hooks })
    .client.viewer({ maxRetries: 0 })
    .catch(() => {})
  expect(took).toEqual([7, 8])
})

test('in a browser the client names itself in no header, because that would cause a preflight', async () => {
  const program = clientOf(viewer)
  await program.client.viewer()
  expect(program.sent[0]?.get('user-agent')).toMatch(/^emailauth-client\//)
  vi.stubGlobal('document', {})
  const page = clientOf(viewer)
  await page.client.viewer()
  expect(page.sent[0]?.has('user-agent')).toBe(false)
})
