/** While frames wait, a process that is alive answers a ping, however long their work takes. */
const PING_EVERY_MS = 300
const SILENCE_MS = 900

/** Finds a stream whose other end is gone without closing it, long before the time-out of a slow call. */
export interface SilenceWatch {
  /** Bytes have arrived, or the first frame of those that wait was sent. */
  received(): void
  start(): void
  stop(): void
}

export interface SilenceWatchOptions {
  /** Whether frames wait for a reply. */
  isWaiting(): boolean
  ping(): Promise<unknown>
  onSilence(error: Error): void
}

export function createSilenceWatch({ isWaiting, ping, onSilence }: SilenceWatchOptions): SilenceWatch {
  let heartbeat: NodeJS.Timeout | undefined
  let receivedAt = 0
  let checkedAt = 0

  function check(): void {
    const now = performance.now()
    // After a pause of this process there may be replies that it has not read yet.
    const wasPaused = now - checkedAt > 2 * PING_EVERY_MS
    checkedAt = now
    if (!isWaiting() || wasPaused) return
    const silentMs = now - receivedAt
    if (silentMs > SILENCE_MS) onSilence(new Error(`no byte arrived for ${Math.round(silentMs)} ms`))
    else if (silentMs > PING_EVERY_MS) void ping().catch(() => {})
  }

  return {
    received() {
      receivedAt = performance.now()
    },
    start() {
      heartbeat = setInterval(check, PING_EVERY_MS).unref()
    },
    stop() {
      clearInterval(heartbeat)
    },
  }
}
