import { expect, test, vi } from 'vitest'
import { followEvents } from './live-events.ts'

test('a server that is away is asked again after an eighth of a second at least, and in the end every 5 to 10 s', async () => {
  vi.useFakeTimers()
  const triedAtMs: number[] = []
  /** A connection that is refused. */
  class Refused extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly readyState = 3
    onerror: ((event: unknown) => void) | null = null
    onclose: ((event: unknown) => void) | null = null
    onopen = null
    onmessage = null
    constructor() {
      super()
      triedAtMs.push(performance.now())
      queueMicrotask(() => this.onclose?.({ code: 1006, reason: '', wasClean: false }))
    }
    send() {}
    close() {}
  }
  const stop = new AbortController()
  const live = {
    endpoint: new URL('http://127.0.0.1:1/graphql'),
    apiKey: 'k',
    webSocket: Refused as never,
    newestCursor: async () => undefined,
  }
  const events = followEvents(live, { signal: stop.signal })
  const ended = events.next()
  try {
    await vi.advanceTimersByTimeAsync(120_000)
    const pauses = triedAtMs.slice(1).map((at, i) => at - (triedAtMs[i] ?? 0))
    expect(pauses[0]).toBeGreaterThanOrEqual(124)
    expect(pauses[0]).toBeLessThanOrEqual(252)
    const longest = Math.max(...pauses)
    expect(longest).toBeGreaterThan(5000)
    expect(longest).toBeLessThanOrEqual(10_002)
  } finally {
    stop.abort()
    await vi.advanceTimersByTimeAsync(20_000)
    await ended
    vi.useRealTimers()
  }
})

test('a connection that stays is pinged every 15 s, so that nothing between takes it for dead', async () => {
  vi.useFakeTimers()
  const pingedAtMs: number[] = []
  const beganMs = performance.now()
  /** A connection on which nothing happens. */
  class Silent extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readyState = 1
    onerror = null
    onclose: ((event: unknown) => void) | null = null
    onopen: (() => void) | null = null
    onmessage: ((event: unknown) => void) | null = null
    constructor() {
      super()
      queueMicrotask(() => this.onopen?.())
    }
    send(text: string) {
      const { type } = JSON.parse(text)
      if (type === 'connection_init') this.onmessage?.({ data: '{"type":"connection_ack"}' })
      if (type !== 'ping') return
      pingedAtMs.push(performance.now() - beganMs)
      this.onmessage?.({ data: '{"type":"pong"}' })
    }
    close() {
      this.readyState = 3
      this.onclose?.({ code: 1000, reason: '', wasClean: true })
    }
  }
  const stop = new AbortController()
  const live = {
    endpoint: new URL('http://127.0.0.1:1/graphql'),
    apiKey: 'k',
    webSocket: Silent as never,
    newestCursor: async () => undefined,
  }
  const ended = followEvents(live, { after: '0', signal: stop.signal }).next()
  try {
    await vi.advanceTimersByTimeAsync(46_000)
    expect(pingedAtMs).toEqual([15_000, 30_000, 45_000])
  } finally {
    stop.abort()
    await vi.advanceTimersByTimeAsync(20_000)
    await ended
    vi.useRealTimers()
  }
})
