import { expect, test } from 'vitest'
import { createDocumentBudgets, TENANTS_RATE } from '../graphql/documents/document-budgets.ts'
import { buildGatewaySchema } from '../schema.ts'
import { createReadSubscription } from './read-subscription.ts'

test('of a document with many faults 10 are listed', () => {
  const fields = Array.from({ length: 15 }, (_, at) => `unknown${at}`).join(' ')
  const read = createReadSubscription(buildGatewaySchema(), createDocumentBudgets())(
    `subscription { events { ${fields} } }`,
    undefined,
    undefined,
  )
  const faults = Array.isArray(read) ? read.map(({ message }) => message) : []
  expect(faults.filter((fault) => fault.startsWith('Cannot query field'))).toHaveLength(10)
  expect(faults.at(-1)).toContain('Too many validation errors')
})

test('of a tenant that sends another document each time 100 are read; one that is known still is', () => {
  const read = createReadSubscription(buildGatewaySchema(), createDocumentBudgets({ now: () => 0 }))
  const tenant = { scope: 'tenant', tenantId: 'demo', apiKeyId: 'k' } as const
  const ask = (name: number) => read(`subscription s${name} { events { at } }`, undefined, tenant)
  const first = ask(0)
  for (let name = 1; name < TENANTS_RATE.saved; name++) expect(ask(name)).toHaveProperty('kind')
  expect(ask(-1)).toEqual([
    expect.objectContaining({ message: expect.stringContaining('Too many new documents') }),
  ])
  expect(ask(0)).toBe(first)
})
