import { type GraphQLSchema, isObjectType } from 'graphql'
import type { GatewayContext } from './context.ts'
import { workOf } from './field-cost.ts'
import type { ReadTurns } from './read-limits.ts'

/** What the schema works with to let reads wait for their turn. */
export interface ReadPorts {
  readonly readTurns: ReadTurns
}

/** Lets every query that says its work wait for its turn, before it asks a service for anything. */
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
