import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { createTroubleLog } from '../logging/trouble-log.ts'
import { addExpiryMetric } from '../metrics/certificate-metrics.ts'
import { addEventLoopMetrics } from '../metrics/event-loop-metrics.ts'
import { exportMetrics } from '../metrics/metrics-export.ts'
import type { TlsSource } from '../network/tls.ts'
import { readMetrics, writeMetrics } from '../processes/joined-metrics.ts'
import { metricsOfAllProcesses } from '../processes/worker-metrics.ts'
import { VERSION } from '../version.ts'
import { checkServiceToken } from './service-auth.ts'

/** The metrics of a service. Each app has its own registry, so that two apps in one process are separate. */
export interface Metrics {
  readonly registry: Registry
  /** Counts and times a request that was not Fastify's, such as a line of a batch stream. */
  observeRequest(method: string, route: string, status: number, ms: number): void
}

export interface MetricsOptions {
  /** The service's name: a label of all its metrics. */
  readonly service: string
  /** Each of them opens `/metrics`. */
  readonly tokens: readonly string[]
  /** true: `/metrics` answers without a token. */
  readonly isPublic: boolean
  /** Registries of other services in this process, which `GET /metrics` shows too. Default: none. */
  readonly others?: readonly Registry[] | undefined
  /** The certificates between the services. Absent: there are none. */
  readonly tls?: TlsSource | undefined
}

const registries = new WeakMap<object, Registry>()

/** The tokens that open `/metrics`: those of the services, and a collector's own where it has one. */
export function metricsTokens(serviceTokens: readonly string[], own: string | undefined): readonly string[] {
  return own === undefined ? serviceTokens : [...serviceTokens, own]
}

/** The registry of an app that has metrics. */
export function registryOf(app: Pick<FastifyInstance, 'server'>): Registry {
  const registry = registries.get(app.server)
  if (registry === undefined) throw new Error('This app has no metrics.')
  return registry
}

const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/**
 * prom-client measures the event loop by itself and has no option to turn that off, but one to do so once a
 * day.
 */
const HARDLY_EVER_MS = 24 * 3_600_000

/** Counts and times every request by route and status, and serves all of it at `GET /metrics`. */
export function addMetrics(
  app: FastifyInstance,
  { service, tokens, isPublic, others = [], tls }: MetricsOptions,
): Metrics {
  const registry = new Registry()
  registries.set(app.server, registry)
  registry.setDefaultLabels({ service })
  exportMetrics(registry, service)
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HARDLY_EVER_MS })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_eventloop_lag_')) registry.removeSingleMetric(name)
  const stopMeasuring = addEventLoopMetrics(registry)
  app.addHook('onClose', async () => stopMeasuring())
  // Gauges with counter names, which Prometheus' linter refuses. Those without `_total` give the same by
  // type.
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  new Gauge({
    name: 'emailauth_build_info',
    help: 'Always 1; its labels say which version runs.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: VERSION, node: process.versions.node }, 1)
  if (tls !== undefined) addExpiryMetric(registry, tls)
  const duration = new Histogram({
    name: 'emailauth_http_request_duration_seconds',
    help: 'Time from request to reply, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const observeRequest = (method: string, route: string, status: number, ms: number) =>
    duration.observe({ method, route, status }, ms / 1000)
  app.addHook('onResponse', (request, reply, done) => {
    observeRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime)
    done()
  })
  const onRequest = isPublic ? [] : [checkServiceToken(tokens)]
  const read = () => readMetrics([registry, ...others])
  const trouble = createTroubleLog(app.log, {
    trouble: 'the metrics of this process cannot be read; /metrics shows those of the other processes alone',
    over: 'the metrics of this process can be read again',
  })
  const text =
    metricsOfAllProcesses(service, read, trouble) ??
    (others.length === 0 ? () => registry.metrics() : async () => writeMetrics(await read()))
  app.get('/metrics', { schema: { hide: true }, logLevel: 'silent', onRequest }, async (_request, reply) =>
    reply.type(registry.contentType).send(await text()),
  )
  return { registry, observeRequest }
}
