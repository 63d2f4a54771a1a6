import {
  type Attributes,
  context,
  type Link,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { isExported } from './telemetry.config.ts'

/** undefined: tracing is off, and every function here costs one comparison. */
let tracer: Tracer | undefined
let stop: (() => Promise<void>) | undefined

/** Starts tracing if the environment sets an endpoint. Call it first in `main.ts`. */
export async function startTracing(service: string): Promise<void> {
  if (!isExported('TRACES')) return
  const { registerTraceSdk } = await import('./tracing-sdk.ts')
  stop = registerTraceSdk(service).stop
  tracer = trace.getTracer('emailauth')
}

/** Sends the remaining spans. An unreachable collector does not delay the shutdown. */
export async function stopTracing(): Promise<void> {
  tracer = undefined
  await stop?.().catch(() => {})
}

const KINDS = { client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const

/** The tracer. undefined: tracing is off. */
export function activeTracer(): Tracer | undefined {
  return tracer
}

export interface SpanOptions {
  readonly kind: keyof typeof KINDS
  /** Never with numbers, tokens or addresses. */
  readonly attributes?: Attributes
  /** Other requests that this work serves too. */
  readonly links?: readonly Link[]
}

/** Runs work in a new span. An error marks the span with its name, never its message, and is rethrown. */
export function inSpan<Result>(
  name: string,
  { kind, attributes = {}, links = [] }: SpanOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (tracer === undefined) return work()
  return tracer.startActiveSpan(name, { kind: KINDS[kind], attributes, links: [...links] }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error)
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** The current span, for work that is done later and for several calls at once. */
export function currentLink(): Link | undefined {
  const span = tracer === undefined ? undefined : trace.getActiveSpan()
  return span === undefined ? undefined : { context: span.spanContext() }
}

/** `traceparent` for a call to another service; empty without a trace. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  if (tracer !== undefined) propagation.inject(context.active(), headers)
  return headers
}

/** The ids of the current trace, for a log line. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  const span = tracer === undefined ? undefined : trace.getActiveSpan()
  if (span === undefined) return {}
  const { traceId, spanId } = span.spanContext()
  return { trace_id: traceId, span_id: spanId }
}
