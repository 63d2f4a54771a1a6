import { readFileSync } from 'node:fs'
import { buildSchema, type GraphQLEnumType } from 'graphql'
import { expect, test } from 'vitest'
import { GROUPS, isKind, typesOf } from './kinds.ts'

const schema = buildSchema(
  readFileSync(new URL('../../../../gateway/schema.graphql', import.meta.url), 'utf8'),
)

test('every type of the contract stands in one group', () => {
  const types = (schema.getType('EventType') as GraphQLEnumType).getValues().map(({ name }) => name)
  expect(Object.values<readonly string[]>(GROUPS).flat().sort()).toEqual(types.sort())
})

test('a kind is a group or a type, and nothing else', () => {
  expect(typesOf('mail')).toEqual(['SENT', 'DEFERRED', 'REJECTED', 'BOUNCED'])
  expect(typesOf('MISSED')).toEqual(['MISSED'])
  expect(['mail', 'MISSED'].every(isKind)).toBe(true)
  expect(['', 'toString', '__proto__', 'missed', 'MAIL', undefined].some(isKind)).toBe(false)
})
