import { createHistogram, performance } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'
import { onEventLoopDelay } from '../timing/event-loop-delay.ts'

const NS_PER_MS = 1e6
const STATISTICS = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'] as const

/**
 * The gauges `nodejs_eventloop_lag_*` under prom-client's names, over the time since they were last read.
 * prom-client's own measure at a fixed rate, which costs more than all else that a service does at rest.
 * @returns stops the measurements
 */
export function addEventLoopMetrics(registry: Registry): () => void {
  const registers = [registry]
  const delays = createHistogram()
  const stop = onEventLoopDelay((delayMs) => delays.record(Math.max(1, Math.round(delayMs * NS_PER_MS))))

  // The first one, because it also sets the others, and metrics are read in this order.
  new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Lag of event loop in seconds.',
    registers,
    collect() {
      const startedAt = performance.now()
      setImmediate(() => this.set((performance.now() - startedAt) / 1000))
      // Until something is measured the last values hold.
      if (delays.count === 0) return
      for (const of of STATISTICS) gauges[of].set(read(of) / (1000 * NS_PER_MS))
      delays.reset()
    },
  })
  const read = (of: (typeof STATISTICS)[number]) =>
    of === 'p50' || of === 'p90' || of === 'p99' ? delays.percentile(Number(of.slice(1))) : delays[of]
  const gauge = (of: (typeof STATISTICS)[number], help: string) =>
    new Gauge({ name: `nodejs_eventloop_lag_${of}_seconds`, help, registers })
  const gauges = {
    min: gauge('min', 'The minimum recorded event loop delay.'),
    max: gauge('max', 'The maximum recorded event loop delay.'),
    mean: gauge('mean', 'The mean of the recorded event loop delays.'),
    stddev: gauge('stddev', 'The standard deviation of the recorded event loop delays.'),
    p50: gauge('p50', 'The 50th percentile of the recorded event loop delays.'),
    p90: gauge('p90', 'The 90th percentile of the recorded event loop delays.'),
    p99: gauge('p99', 'The 99th percentile of the recorded event loop delays.'),
  }
  return stop
}
