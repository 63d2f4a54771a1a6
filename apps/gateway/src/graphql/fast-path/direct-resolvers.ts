import { type GraphQLSchema, isObjectType } from 'graphql'
import { getMetadataStorage } from 'type-graphql'
import { type Access, assertAccess, assertMayChange } from '../../access/access.ts'
import type { GatewayContext } from '../context.ts'

/** The fields that external servers call all day. Each takes one argument, `input`. */
export const FAST_PATH_FIELDS = ['register', 'verify', 'resend'] as const

type DirectResolver = Record<string, (input: object, context: GatewayContext) => Promise<unknown>>

/**
 * Lets the schema call the resolvers of the fast path's fields directly. type-graphql creates an instance of
 * the input class and awaits each argument, the access check and the middleware in turn. That costs more than
 * these resolvers' own work, and they need none of it. Access still follows their decorator.
 */
export function callResolversDirectly(schema: GraphQLSchema): void {
  const type = schema.getMutationType()
  if (!isObjectType(type)) return
  const fields = type.getFields()
  for (const name of FAST_PATH_FIELDS) {
    const known = getMetadataStorage().mutations.find(({ schemaName }) => schemaName === name)
    const field = fields[name]
    if (known === undefined || field === undefined) throw new Error(`the schema has no mutation ${name}`)
    // What `@Allow` declares. type-graphql knows neither its type nor that of a resolver's class.
    const access = known.roles?.[0] as Access | undefined
    const resolver = new (known.target as new () => DirectResolver)()
    field.resolve = (_root, { input }: { input: object }, context: GatewayContext) => {
      assertAccess(context.caller, access)
      assertMayChange(context.caller, access, name)
      return resolver[known.methodName]?.(input, context)
    }
  }
}
