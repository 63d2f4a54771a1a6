import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server'
import { Kind, type OperationDefinitionNode } from 'graphql'
import { Histogram, type Registry } from 'prom-client'
import type { GatewayContext } from './context.ts'
import type { ErrorCode } from './faults/errors.ts'

/**
 * Rate, errors and duration of operations by GraphQL and REST, by root field and by the code of the first
 * error (`OK` without one). The label is the schema's field name, never a name that a caller chose, so the
 * number of series is bounded.
 */
export interface OperationMetrics {
  /** Measures what Apollo answers. */
  readonly plugin: ApolloServerPlugin<GatewayContext>
  /** One operation that was answered without Apollo. */
  observe(operation: string, code: string, seconds: number): void
}

export function measureOperations(registry: Registry): OperationMetrics {
  const duration = new Histogram({
    name: 'emailauth_graphql_operation_duration_seconds',
    help: 'Time of one operation, by GraphQL or REST, by root field and error code.',
    labelNames: ['operation', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const observe = (operation: string, code: string, seconds: number) =>
    duration.observe({ operation, code }, seconds)
  const plugin: ApolloServerPlugin<GatewayContext> = {
    async requestDidStart() {
      const began = performance.now()
      const listener: GraphQLRequestListener<GatewayContext> = {
        async willSendResponse({ operation, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined
          // formatError lets no other code out.
          const code = (errors?.[0]?.extensions?.code ?? 'OK') as ErrorCode | 'OK'
          observe(nameOf(operation), code, (performance.now() - began) / 1000)
        },
      }
      return listener
    },
  }
  return { plugin, observe }
}

/** The one root field; `several`, or `none` for what is no valid operation. */
function nameOf(operation: OperationDefinitionNode | undefined): string {
  if (operation === undefined) return 'none'
  const [first, ...others] = operation.selectionSet.selections
  return first?.kind === Kind.FIELD && others.length === 0 ? first.name.value : 'several'
}
