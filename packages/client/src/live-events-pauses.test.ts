import { expect, test, vi } from 'vitest'
import { followEvents } from './live-events.ts'

/** Follows events of a server that ends each connection at once, the nth as the nth close code says. */
function followRefused(...codes: readonly [number, ...number[]]) {
  const triedAtMs: number[] = []
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
      const code = codes[Math.min(triedAtMs.length, codes.length - 1)]
      triedAtMs.push(performance.now())
      queueMicrotask(() => this.onclose?.({ code, reason: `reason of ${code}`, wasClean: false }))
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
  const ended = followEvents(live, { signal: stop.signal }).next()
  return { triedAtMs, ended, stop }
}

test('a server that is away is asked again after an eighth of a second at least, and in the end every 5 to 10 s', async () => {
  vi.useFakeTimers()
  const { triedAtMs, ended, stop } = followRefused(1006)
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

test('a server that has too many sockets is asked ten times in a row, then its reason is thrown', async () => {
  vi.useFakeTimers()
  // It was away in between, so what it had said before does not count.
  const { triedAtMs, ended, stop } = followRefused(4429, 4429, 1006, 4429)
  try {
    const thrown = ended.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(200_000)
    stop.abort()
    expect(await thrown).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: 'reason of 4429' })
    expect(triedAtMs).toHaveLength(3 + 10)
  } finally {
    stop.abort()
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
