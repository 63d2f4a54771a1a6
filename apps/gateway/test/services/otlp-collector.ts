import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

/** One span as a service sent it. */
export interface SeenSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly attributes: Readonly<Record<string, string>>
}

interface Attribute {
  readonly key: string
  readonly value: Record<string, unknown>
}
/** One value of a metric as a service sent it. */
export interface SeenMetric {
  readonly service: string
  readonly instance: string
  readonly name: string
  readonly kind: 'sum' | 'gauge' | 'histogram'
  readonly attributes: Readonly<Record<string, string>>
  /** Of a histogram: how many values. */
  readonly value: number
}

interface Point {
  readonly attributes: Attribute[]
  readonly asDouble?: number
  readonly count?: number
}
interface Metric {
  readonly name: string
  readonly sum?: { readonly dataPoints: Point[] }
  readonly gauge?: { readonly dataPoints: Point[] }
  readonly histogram?: { readonly dataPoints: Point[] }
}
interface OfResource {
  readonly resource: { readonly attributes: Attribute[] }
}
interface ResourceMetrics extends OfResource {
  readonly scopeMetrics: { readonly metrics: Metric[] }[]
}
interface ResourceSpans extends OfResource {
  readonly scopeSpans: { readonly spans: (Omit<SeenSpan, 'attributes'> & { attributes: Attribute[] })[] }[]
}
interface Export {
  readonly resourceMetrics?: ResourceMetrics[]
  readonly resourceSpans?: ResourceSpans[]
}

const KINDS = ['sum', 'gauge', 'histogram'] as const

/** A collector that takes OTLP over HTTP as JSON and keeps every span and every value of a metric. */
export async function startCollector() {
  const spans: SeenSpan[] = []
  const metrics: SeenMetric[] = []
  const server = createServer(async (request, response) => {
    const { resourceSpans = [], resourceMetrics = [] } = (await json(request)) as Export
    metrics.push(...resourceMetrics.flatMap(metricsOf))
    spans.push(...resourceSpans.flatMap(spansOf))
    response.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    metrics,
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function metricsOf({ resource, scopeMetrics }: ResourceMetrics): SeenMetric[] {
  const of = textsOf(resource.attributes)
  const [service = '', instance = ''] = [of['service.name'], of['service.instance.id']]
  const pointsOf = ({ name, ...metric }: Metric) =>
    KINDS.flatMap((kind) =>
      (metric[kind]?.dataPoints ?? []).map(({ attributes, asDouble, count }) => {
        const value = asDouble ?? count ?? Number.NaN
        return { service, instance, name, kind, attributes: textsOf(attributes), value }
      }),
    )
  return scopeMetrics.flatMap(({ metrics }) => metrics).flatMap(pointsOf)
}

function spansOf({ resource, scopeSpans }: ResourceSpans): SeenSpan[] {
  const service = textsOf(resource.attributes)['service.name'] ?? ''
  return scopeSpans
    .flatMap(({ spans }) => spans)
    .map(({ name, traceId, spanId, parentSpanId, links = [], attributes }) => {
      return { service, name, traceId, spanId, parentSpanId, links, attributes: textsOf(attributes) }
    })
}

const textsOf = (attributes: readonly Attribute[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]))
