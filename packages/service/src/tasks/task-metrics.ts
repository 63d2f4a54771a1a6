import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Records one round of a background task. */
export type ObserveRound = (task: string, isOk: boolean, seconds: number) => void

/** Adds the metrics of background tasks to a registry. */
export function createTaskMetrics(registry: Registry): ObserveRound {
  const runs = new Counter({
    name: 'emailauth_task_runs_total',
    help: 'Rounds of background tasks, by task and outcome.',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'emailauth_task_duration_seconds',
    help: 'Duration of the rounds of background tasks.',
    labelNames: ['task'],
    buckets: [0.001, 0.01, 0.1, 1, 10, 60],
    registers: [registry],
  })
  const lastSuccess = new Gauge({
    name: 'emailauth_task_last_success_timestamp_seconds',
    help: 'When a round of a background task last succeeded, in Unix seconds.',
    labelNames: ['task'],
    registers: [registry],
  })
  return (task, isOk, seconds) => {
    runs.inc({ task, outcome: isOk ? 'ok' : 'failed' })
    duration.observe({ task }, seconds)
    if (isOk) lastSuccess.set({ task }, Date.now() / 1000)
  }
}
