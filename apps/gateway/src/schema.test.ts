import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import {
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  validateSchema,
} from 'graphql'
import { buildSchemaSync, Query, Resolver } from 'type-graphql'
import { expect, test } from 'vitest'
import { Allow, assertEveryRootFieldHasAccess, checkAccess } from './access/access.ts'
import { buildGatewaySchema, printGatewaySchema } from './schema.ts'

test('the committed schema is the one that is served; `pnpm schema` writes it anew', () => {
  const committed = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')
  expect(printGatewaySchema()).toBe(committed)
})

test('the schema is valid, which its start does not check', () => {
  expect(validateSchema(buildGatewaySchema())).toEqual([])
})

test('every type, field, argument and value of the schema is described', () => {
  const types = Object.values(buildGatewaySchema().getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const parts = types.flatMap((type) => {
    const { name } = type
    if (isEnumType(type)) return [type, ...type.getValues().map((value) => below(name, value))]
    if (isInputObjectType(type)) return [type, ...Object.values(type.getFields()).map((f) => below(name, f))]
    if (!isObjectType(type) && !isInterfaceType(type)) return [type]
    const fields = Object.values(type.getFields())
    const args = fields.flatMap((field) => field.args.map((arg) => below(`${name}.${field.name}`, arg)))
    return [type, ...fields.map((field) => below(name, field)), ...args]
  })
  expect(parts.length).toBeGreaterThan(150)
  expect(parts.filter(({ description }) => !description).map(({ name }) => name)).toEqual([])
})

/** Mutations from before the style was fixed. Nothing is added here. */
const OLDER_MUTATIONS = new Set(
  `addPasskey addSuppressions beginAddPasskey beginPasskeySignIn clearSuppression createApiKey createTenant deleteTenant disableTenant
  dropMessage enableTenant register removePasskey renamePasskey requestSignIn resend retryMessages
  revokeApiKey revokeIdentity revokeSession rotateApiKey sendTestMail signIn
  signInWithPasskey signOut updateTenant verify`.split(/\s+/),
)

test('a mutation takes one input of its own and answers an object or a union', () => {
  const fields = Object.values(buildGatewaySchema().getMutationType()?.getFields() ?? {})
  for (const { name, args, type } of fields.filter((field) => !OLDER_MUTATIONS.has(field.name))) {
    const capital = `${name[0]?.toUpperCase()}${name.slice(1)}`
    expect([name, args.map((arg) => `${arg.name}: ${arg.type}`)]).toEqual([name, [`input: ${capital}Input!`]])
    expect([name, isNonNullType(type) && isCompositeType(getNullableType(type))]).toEqual([name, true])
  }
})

test('what is deprecated still works and names what to use instead', () => {
  const schema = buildGatewaySchema()
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}))
  const names = new Set(fields.map(({ name }) => name))
  const deprecated = fields.filter(({ deprecationReason }) => deprecationReason)
  expect(deprecated.map(({ name }) => name).sort()).toEqual(['addSuppressions', 'passkeys', 'sessions'])
  for (const { name, deprecationReason } of deprecated) {
    const [, successor = ''] = /^Use `(\w+)`/.exec(deprecationReason ?? '') ?? []
    expect([name, names.has(successor)]).toEqual([name, true])
  }
})

test('DateTime says what it is', () => {
  expect(printGatewaySchema()).toMatch(
    /scalar DateTime @specifiedBy\(url: "https:\/\/scalars\.graphql\.org\//,
  )
})

test('a schema with a root field without an access rule is refused', () => {
  @Resolver()
  class Open {
    @Query(() => String)
    forgotten(): string {
      return ''
    }

    @Allow('ADMIN')
    @Query(() => String)
    kept(): string {
      return ''
    }
  }
  buildSchemaSync({ resolvers: [Open], authChecker: checkAccess, validate: false })
  expect(() => assertEveryRootFieldHasAccess([Open])).toThrow('without @Allow: forgotten')
  expect(() => assertEveryRootFieldHasAccess([])).not.toThrow()
})

function below(
  parent: string,
  { name, description }: { name: string; description?: string | null | undefined },
) {
  return { name: `${parent}.${name}`, description }
}
