import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { readForOtlp } from './otlp-metrics.ts'

const STARTED_AT_MS = 1_700_000_000_250

function oneRegistry() {
  const registry = new Registry()
  return {
    registry,
    registers: [registry],
    read: () => readForOtlp([{ registry, service: 'mailer' }], STARTED_AT_MS),
  }
}

test('a counter becomes a cumulative sum since the start, under its own name', async () => {
  const { registers, read } = oneRegistry()
  const counter = new Counter({ name: 'mails_total', help: 'Mails.', labelNames: ['outcome'], registers })
  counter.inc({ outcome: 'sent' }, 3)
  const { metrics, errors } = await read()
  expect(errors).toEqual([])
  expect(metrics).toMatchObject([
    {
      descriptor: { name: 'mails_total', description: 'Mails.', unit: '' },
      dataPointType: DataPointType.SUM,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      isMonotonic: true,
      dataPoints: [
        {
          value: 3,
          attributes: { outcome: 'sent', service: 'mailer' },
          startTime: [1_700_000_000, 250_000_000],
        },
      ],
    },
  ])
})

test('a gauge is read when it is exported', async () => {
  const { registers, read } = oneRegistry()
  let bytes = 1
  new Gauge({
    name: 'heap_bytes',
    help: 'Heap.',
    registers,
    collect() {
      this.set(bytes)
    },
  })
  bytes = 2
  const { metrics } = await read()
  expect(metrics).toMatchObject([
    { descriptor: { unit: 'By' }, dataPointType: DataPointType.GAUGE, dataPoints: [{ value: 2 }] },
  ])
})

test('a histogram keeps each series, and its buckets no longer count from the beginning', async () => {
  const { registers, read } = oneRegistry()
  const histogram = new Histogram({
    name: 'took_seconds',
    help: 'Time.',
    labelNames: ['route'],
    buckets: [1, 5],
    registers,
  })
  for (const seconds of [0.5, 2, 3, 60]) histogram.observe({ route: '/a' }, seconds)
  histogram.observe({ route: '/b' }, 1)
  const { metrics } = await read()
  expect(metrics).toMatchObject([
    {
      descriptor: { unit: 's' },
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          attributes: { route: '/a', service: 'mailer' },
          value: { buckets: { boundaries: [1, 5], counts: [1, 2, 1] }, count: 4, sum: 65.5 },
        },
        {
          attributes: { route: '/b' },
          value: { buckets: { boundaries: [1, 5], counts: [1, 0, 0] }, count: 1, sum: 1 },
        },
      ],
    },
  ])
})

test('a metric that cannot be read leaves the others', async () => {
  const { registers, read } = oneRegistry()
  const collect = () => Promise.reject(new Error('Redis is gone'))
  new Gauge({ name: 'waiting', help: 'Known to Redis.', registers, collect })
  new Gauge({ name: 'open', help: 'Known here.', registers }).set(7)
  const { metrics, errors } = await read()
  expect(metrics.map(({ descriptor }) => descriptor.name)).toEqual(['open'])
  expect(errors).toMatchObject([{ message: 'Redis is gone' }])
})

test('several services of a process: each has its own values, those of the process come once', async () => {
  const parts = ['gateway', 'mailer'].map((service, at) => {
    const registry = new Registry()
    new Gauge({ name: 'process_open_fds', help: 'Files.', registers: [registry] }).set(9)
    new Gauge({ name: 'emailauth_ready', help: 'Ready.', registers: [registry] }).set(at)
    return { registry, service }
  })
  const { metrics } = await readForOtlp(parts, STARTED_AT_MS)
  const seen = metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
    dataPoints.map(({ attributes, value }) => [name, attributes.service, value]),
  )
  expect(seen).toEqual([
    ['process_open_fds', 'gateway', 9],
    ['emailauth_ready', 'gateway', 0],
    ['emailauth_ready', 'mailer', 1],
  ])
})
