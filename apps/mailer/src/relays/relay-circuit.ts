import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel'
import type { RelayLimits } from './relay-limits.ts'

/** What an attempt says about the relay: whether its server is at fault. */
interface Verdict {
  readonly serverFault: boolean
}

export interface RelayCircuitOptions {
  readonly limits: Pick<RelayLimits, 'faultsToOpen' | 'firstProbeMs' | 'lastProbeMs'>
  /** Connects to the relay, and says how that went. */
  readonly connect: () => Promise<Verdict>
  readonly onOpened: () => void
  readonly onClosed: () => void
}

/**
 * A circuit breaker that opens after some server faults in a row. Then connections probe the relay by timer,
 * because queued mails may have long pauses before their next attempt.
 */
export interface RelayCircuit {
  /** Stays true during a probe. */
  readonly isOpen: boolean
  /** A probe is under way, so nothing else may be tried. */
  readonly isProbed: boolean
  /** Wall-clock time at which it last opened or closed. */
  readonly changedAtMs: number | undefined
  /** Somebody wants the relay, so probes go on for some time. */
  want(): void
  /**
   * Makes an attempt, or a probe while the circuit is open.
   * @throws {Error} what `attempt` throws, which counts as no verdict; or that the circuit is open
   */
  execute<T extends Verdict>(attempt: () => Promise<T>): Promise<T>
  close(): void
}

/** A relay that nobody has used for this long is not probed any more. The next mail probes it. */
const WANTED_MS = 60_000
const LOOK_WHETHER_DUE_MS = 250

export function createRelayCircuit({
  limits,
  connect,
  onOpened,
  onClosed,
}: RelayCircuitOptions): RelayCircuit {
  const { faultsToOpen, firstProbeMs, lastProbeMs } = limits
  const breaker = circuitBreaker(
    // cockatiel types results as unknown. Only verdicts pass here (`execute`).
    handleWhenResult((answer) => (answer as Verdict).serverFault),
    {
      breaker: new ConsecutiveBreaker(faultsToOpen),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: firstProbeMs, maxDelay: lastProbeMs }),
    },
  )
  let isOpen = false
  let changedAtMs: number | undefined
  let wantedAtMs = 0
  let probing: NodeJS.Timeout | undefined
  breaker.onReset(() => {
    isOpen = false
    changedAtMs = Date.now()
    stopProbing()
    onClosed()
  })
  breaker.onBreak(() => {
    if (!isOpen) changedAtMs = Date.now()
    isOpen = true
    onOpened()
    probing ??= setInterval(probe, Math.min(firstProbeMs, LOOK_WHETHER_DUE_MS)).unref()
  })

  function stopProbing(): void {
    clearInterval(probing)
    probing = undefined
  }

  function probe(): void {
    if (performance.now() - wantedAtMs > WANTED_MS) stopProbing()
    else if (breaker.state === CircuitState.Open) breaker.execute(connect).catch(() => {})
  }

  return {
    get isOpen() {
      return isOpen
    },
    get isProbed() {
      return breaker.state === CircuitState.HalfOpen
    },
    get changedAtMs() {
      return changedAtMs
    },
    want() {
      wantedAtMs = performance.now()
    },
    execute: (attempt) => breaker.execute(attempt),
    close: stopProbing,
  }
}
