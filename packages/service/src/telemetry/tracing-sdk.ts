import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { telemetryResource } from './telemetry-resource.ts'

/** Sends spans by OTLP over HTTP, as `OTEL_*` says. A separate module, so that it loads only when needed. */
export function registerTraceSdk(service: string): { readonly stop: () => Promise<void> } {
  const provider = new NodeTracerProvider({
    resource: telemetryResource(service),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  return { stop: () => provider.shutdown() }
}
