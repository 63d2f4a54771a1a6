import { expect, test } from 'vitest'
import { buildGatewaySchema } from '../schema.ts'
import { createReadSubscription } from './read-subscription.ts'

test('of a document with many faults 10 are listed', () => {
  const fields = Array.from({ length: 15 }, (_, at) => `unknown${at}`).join(' ')
  const read = createReadSubscription(buildGatewaySchema())(
    `subscription { events { ${fields} } }`,
    undefined,
  )
  const faults = Array.isArray(read) ? read.map(({ message }) => message) : []
  expect(faults.filter((fault) => fault.startsWith('Cannot query field'))).toHaveLength(10)
  expect(faults.at(-1)).toContain('Too many validation errors')
})
