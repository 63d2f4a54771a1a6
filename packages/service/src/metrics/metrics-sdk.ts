import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { emptyResource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { Registry } from 'prom-client'
import { metricExportTimes } from '../telemetry/telemetry.config.ts'
import { telemetryResource } from '../telemetry/telemetry-resource.ts'
import { readForOtlp } from './otlp-metrics.ts'

interface Part {
  readonly registry: Registry
  readonly service: string
}

/**
 * Sends the registries of this process by OTLP over HTTP, as `OTEL_*` says. A separate module, so that it
 * loads only when needed.
 */
export function startMetricsSdk(service: string) {
  const parts: Part[] = []
  const startedAtMs = Date.now()
  const producer: MetricProducer = {
    async collect() {
      const { metrics, errors } = await readForOtlp(parts, startedAtMs)
      const scopeMetrics = [{ scope: { name: 'emailauth' }, metrics }]
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors }
    },
  }
  const provider = new MeterProvider({
    resource: telemetryResource(service),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ temporalityPreference: AggregationTemporality.CUMULATIVE }),
        metricProducers: [producer],
        ...metricExportTimes(),
      }),
    ],
  })
  return {
    add: (registry: Registry, of: string) => void parts.push({ registry, service: of }),
    stop: () => provider.shutdown(),
  }
}
