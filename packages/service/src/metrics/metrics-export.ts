import type { Registry } from 'prom-client'
import { isExported } from '../telemetry/telemetry.config.ts'

/** Exports the metrics of this process. */
interface MetricsExport {
  /** @param service the value of the label `service`, which names the registry's part of the process */
  add(registry: Registry, service: string): void
  /** Sends the last values. */
  stop(): Promise<void>
}

/** undefined: metrics are only read, at `GET /metrics`. */
let metricsExport: MetricsExport | undefined

/** Starts to export metrics if the environment sets an endpoint. Call it before the services are built. */
export async function startMetricsExport(service: string): Promise<void> {
  if (!isExported('METRICS')) return
  const { startMetricsSdk } = await import('./metrics-sdk.ts')
  metricsExport = startMetricsSdk(service)
}

/** Exports this registry too. Does nothing when no metrics are exported. */
export function exportMetrics(registry: Registry, service: string): void {
  metricsExport?.add(registry, service)
}

/** Sends the last values. An unreachable collector does not fail the shutdown. */
export async function stopMetricsExport(): Promise<void> {
  await metricsExport?.stop().catch(() => {})
  metricsExport = undefined
}
