import { randomUUID } from 'node:crypto'
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources'

/** One for each process, because several of a service report the same metrics. */
const INSTANCE = randomUUID()

/** What traces and metrics say of their origin. `OTEL_RESOURCE_ATTRIBUTES` adds to it. */
export function telemetryResource(service: string): Resource {
  return (
    defaultResource()
      .merge(resourceFromAttributes({ 'service.instance.id': INSTANCE }))
      .merge(detectResources({ detectors: [envDetector] }))
      // The services may share one environment, so each sets its own name.
      .merge(resourceFromAttributes({ 'service.name': `emailauth-${service}` }))
  )
}
