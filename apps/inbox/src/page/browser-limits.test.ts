import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Files for the browser, without types of their own here.
const load = (file: string) => import(new URL(`./browser/${file}`, import.meta.url).href)
const { followEvents } = (await load('events.js')) as {
  followEvents: (callbacks: { onChange: () => void; onState: (isConnected: boolean) => void }) => void
}
const { fetchPage } = (await load('api.js')) as { fetchPage: (search: string) => Promise<unknown> }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('the page asks for the 100 newest mails, and waits 5 s for them', async () => {
  const urls: string[] = []
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  vi.stubGlobal('fetch', async (url: string) => {
    urls.push(url)
    return Response.json({})
  })
  await fetchPage('')
  expect(urls).toEqual(['/api/v1/messages?limit=100'])
  expect(timeout.mock.calls).toEqual([[5000]])
})

test.each([
  ['at the longest', 1],
  ['at the shortest, half of it,', 0.5],
])(
  'a lost connection is opened again %s after 0.5, 1, 2, 4, then each 5 s; after success at once again',
  (_, part) => {
    vi.spyOn(Math, 'random').mockReturnValue(2 * part - 1)
    const sockets: EventTarget[] = []
    vi.stubGlobal('location', { host: 'localhost' })
    vi.stubGlobal(
      'WebSocket',
      class extends EventTarget {
        constructor() {
          super()
          sockets.push(this)
        }
      },
    )
    const onChange = vi.fn()
    const onState = vi.fn()
    followEvents({ onChange, onState })
    const closesAndWaits = (ms: number) => {
      const opened = sockets.length
      sockets.at(-1)!.dispatchEvent(new Event('close'))
      vi.advanceTimersByTime(part * ms - 1)
      expect(sockets).toHaveLength(opened)
      vi.advanceTimersByTime(1)
      expect(sockets).toHaveLength(opened + 1)
    }
    for (const ms of [500, 1000, 2000, 4000, 5000, 5000]) closesAndWaits(ms)
    expect(onState).not.toHaveBeenCalledWith(true)
    sockets.at(-1)!.dispatchEvent(new Event('open'))
    expect(onState).toHaveBeenLastCalledWith(true)
    expect(onChange).toHaveBeenCalledTimes(1)
    closesAndWaits(500)
  },
)
