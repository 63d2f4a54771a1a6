import type {
  FastifyBaseLogger,
  FastifySchema,
  HTTPMethods,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { ServiceApp } from './app.ts'

type HandlerOf<Schema extends FastifySchema> = RouteHandlerMethod<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  RouteGenericInterface,
  unknown,
  Schema,
  ZodTypeProvider,
  FastifyBaseLogger
>

/** A route of a REST service. Its handler gets the ports that it works with when it is added to an app. */
export interface Route<Ports, Schema extends FastifySchema = FastifySchema> {
  readonly method: HTTPMethods
  readonly url: string
  readonly bodyLimit?: number
  /** zod shapes of what it takes and returns, and its summary in OpenAPI. */
  readonly schema: Schema
  readonly handler: (
    ports: Ports,
    request: Parameters<HandlerOf<Schema>>[0],
    reply: Parameters<HandlerOf<Schema>>[1],
  ) => ReturnType<HandlerOf<Schema>>
}

/** Makes the function by which a feature declares its routes. The shapes give a handler its types. */
export function routeWith<Ports>() {
  return <const Schema extends FastifySchema>(route: Route<Ports, Schema>): Route<Ports> =>
    // The shapes make the types of the handler narrower than those of any route.
    route as unknown as Route<Ports>
}

/** Adds a feature's routes to an app, with the ports that their handlers work with. */
export function addRoutes<Ports>(app: ServiceApp, ports: Ports, routes: readonly Route<Ports>[]): void {
  for (const { handler, ...options } of routes)
    app.route({ ...options, handler: (request, reply) => handler(ports, request, reply) })
}
