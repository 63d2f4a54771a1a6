import { ProblemError } from '@emailauth/service/problem-error'
import { expect, test } from 'vitest'
import { createDocumentTurns } from '../graphql/document-turns.ts'
import { buildGatewaySchema } from '../schema.ts'
import { createReadSubscription } from './read-subscription.ts'

test('of a document with many faults 10 are listed', async () => {
  const fields = Array.from({ length: 15 }, (_, at) => `unknown${at}`).join(' ')
  const read = await createReadSubscription(buildGatewaySchema(), createDocumentTurns())(
    `subscription { events { ${fields} } }`,
    undefined,
    undefined,
  )
  const faults = Array.isArray(read) ? read.map(({ message }) => message) : []
  expect(faults.filter((fault) => fault.startsWith('Cannot query field'))).toHaveLength(10)
  expect(faults.at(-1)).toContain('Too many validation errors')
})

test('a new document waits for the turn of its caller, one that is known does not', async () => {
  const schema = buildGatewaySchema()
  const asked: unknown[] = []
  const spent: number[] = []
  const read = createReadSubscription(schema, {
    begin(caller) {
      asked.push(caller?.tenantId)
      return caller === undefined ? Promise.reject(new ProblemError('unavailable', 'full')) : undefined
    },
    spent: (ms) => void spent.push(ms),
  })
  const caller = { scope: 'tenant', apiKeyId: 'ak_1', tenantId: 'demo' } as const
  const text = 'subscription { events { at } }'
  expect(await read(text, undefined, undefined)).toMatchObject([{ message: 'full' }])
  const document = await read(text, undefined, caller)
  expect(await read(text, undefined, undefined)).toBe(document)
  expect([asked, spent.length]).toEqual([[undefined, 'demo'], 1])
})
