import type { FastifyServerOptions } from 'fastify'

function refuse(): never {
  throw new Error('This app has no compilers of JSON schemas. Set those of zod, or describe no shape.')
}

/**
 * An app without Fastify's own compilers of JSON schemas: ajv and fast-json-stringify are 90 modules, which
 * every start would load. Shapes are zod's, whose compilers an app sets if its routes have shapes.
 */
export const NO_JSON_SCHEMAS = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
} satisfies FastifyServerOptions['schemaController']
