import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client'
import { OF_THE_PROCESS } from '../processes/joined-metrics.ts'

type Value = MetricValueWithName<string>
type Reading = MetricObjectWithValues<Value>
interface Part {
  readonly registry: Registry
  readonly service: string
}
interface Span {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

/**
 * Reads registries as OTLP has it, under the same names, with their labels as attributes.
 * @param startedAtMs since when counters count, in Unix ms
 */
export async function readForOtlp(parts: readonly Part[], startedAtMs: number) {
  const read = await Promise.allSettled(parts.flatMap(readPart))
  const times = { startTime: hrTime(startedAtMs), endTime: hrTime(Date.now()) }
  const metrics = read.flatMap((each) =>
    each.status === 'fulfilled' ? [toMetricData(each.value, times)] : [],
  )
  // A metric whose value cannot be read, such as one that Redis knows, leaves the others.
  const errors = read.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []))
  return { metrics, errors }
}

function readPart({ registry, service }: Part, index: number) {
  return registry
    .getMetricsAsArray()
    .filter(({ name }) => index === 0 || !OF_THE_PROCESS.test(name))
    .map(async ({ name }) => {
      // The name is from the registry itself.
      const reading = (await registry.getSingleMetric(name)?.get()) as Reading
      const values = reading.values.map((value) => ({ ...value, labels: { ...value.labels, service } }))
      return { ...reading, values }
    })
}

function toMetricData({ name, help, type, values }: Reading, times: Span): MetricData {
  const descriptor = { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE }
  const of = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE }
  // Compared as texts, because prom-client's enum exists only in its types.
  if (String(type) === 'histogram') {
    return { ...of, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(values, times) }
  }
  const dataPoints = values.map(({ labels, value }) => ({
    ...times,
    attributes: toAttributes(labels),
    value,
  }))
  return String(type) === 'counter'
    ? { ...of, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...of, dataPointType: DataPointType.GAUGE, dataPoints }
}

/** Buckets count from one bound to the next; those of Prometheus count from the beginning. */
function histograms(values: readonly Value[], times: Span): DataPoint<Histogram>[] {
  const series = new Map<string, Value[]>()
  for (const value of values) {
    const { le: _, ...labels } = value.labels
    const key = JSON.stringify(Object.entries(labels).sort())
    series.set(key, [...(series.get(key) ?? []), { ...value, labels: { ...value.labels } }])
  }
  return [...series.values()].map((of) => {
    const single = (suffix: string) => of.find(({ metricName }) => metricName?.endsWith(suffix))
    const bounds = of
      .filter(({ labels }) => labels.le !== undefined)
      .map(({ labels, value }) => ({ upTo: Number(String(labels.le).replace('+Inf', 'Infinity')), value }))
      .sort((a, b) => a.upTo - b.upTo)
    const { le: _, ...labels } = of[0]?.labels ?? {}
    return {
      ...times,
      attributes: toAttributes(labels),
      value: {
        buckets: {
          boundaries: bounds.map(({ upTo }) => upTo).filter(Number.isFinite),
          counts: bounds.map(({ value }, at) => value - (bounds[at - 1]?.value ?? 0)),
        },
        sum: single('_sum')?.value ?? 0,
        count: single('_count')?.value ?? 0,
      },
    }
  })
}

function toAttributes(labels: Value['labels']): Attributes {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}

/** UCUM's sign for the unit that the name ends with. */
function unitOf(name: string): string {
  const [, unit] = /_(seconds|bytes)(?:_total)?$/.exec(name) ?? []
  if (unit === undefined) return ''
  return unit === 'seconds' ? 's' : 'By'
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
