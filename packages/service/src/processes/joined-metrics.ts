import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'

/** A metric with its values, as it passes between processes. */
export type MetricReading = MetricObjectWithValues<MetricValue<string>>

/** Of the process and not of one of its services. */
export const OF_THE_PROCESS = /^(process|nodejs)_/

/**
 * Reads the registries of one process. Each has its own `service` label, so no two values collide. What
 * belongs to the process as a whole is read from the first one alone.
 */
export async function readMetrics(registries: readonly Registry[]): Promise<MetricReading[]> {
  const read = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()))
  return read.flatMap((metrics, index) =>
    metrics.filter(({ name }) => index === 0 || !OF_THE_PROCESS.test(name)),
  )
}

/** The readings as Prometheus reads them, with all values of a name together. Their labels must differ. */
export async function writeMetrics(readings: readonly MetricReading[]): Promise<string> {
  // Nothing is summed, because no two values have the same labels; and none is left out.
  const each = readings.map((metric) => [{ ...metric, aggregator: 'sum' }])
  return AggregatorRegistry.aggregate(each).metrics()
}
