import { type GraphQLSchema, isObjectType } from 'graphql'
import type { GatewayContext } from '../context.ts'
import { workOf } from './field-cost.ts'
import type { ReadTurns } from './read-limits.ts'

/** The port through which queries wait for their turn. */
export interface ReadPorts {
  readonly readTurns: ReadTurns
}

/** Makes every query with a declared cost wait for its turn before it calls a service. */
export function limitReads(schema: GraphQLSchema): void {
  const type = schema.getQueryType()
  if (!isObjectType(type)) return
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field
    if (workOf(field) === undefined || resolve === undefined) continue
    field.resolve = (root, args, context: GatewayContext<ReadPorts>, info) =>
      context.services.readTurns.run(context.caller, async () => resolve(root, args, context, info))
  }
}
