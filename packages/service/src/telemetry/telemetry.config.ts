type Variables = Readonly<Record<string, string | undefined>>
type Signal = 'TRACES' | 'METRICS'

/**
 * True when the environment sets an endpoint for this signal in OpenTelemetry's own variables, which its SDK
 * reads itself.
 */
export function isExported(signal: Signal, env: Variables = process.env): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env[`OTEL_${signal}_EXPORTER`] === 'none') return false
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`])
}

/** How often metrics are exported, and how long one export may take. */
export interface MetricExportTimes {
  readonly exportIntervalMillis: number
  readonly exportTimeoutMillis: number
}

/** OpenTelemetry's own defaults. */
const DEFAULT_INTERVAL_MS = 60_000
const DEFAULT_TIMEOUT_MS = 30_000

/**
 * Reads `OTEL_METRIC_EXPORT_INTERVAL` and `…_TIMEOUT`, in ms, which the SDK leaves to its caller. What is no
 * positive number counts as not set, as the specification says. No time-out is longer than the interval.
 */
export function metricExportTimes(env: Variables = process.env): MetricExportTimes {
  const exportIntervalMillis = positive(env.OTEL_METRIC_EXPORT_INTERVAL) ?? DEFAULT_INTERVAL_MS
  const timeoutMs = positive(env.OTEL_METRIC_EXPORT_TIMEOUT) ?? DEFAULT_TIMEOUT_MS
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeoutMs, exportIntervalMillis) }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text)
  // A longer timer fires at once.
  return value >= 1 && value < 2 ** 31 ? value : undefined
}
