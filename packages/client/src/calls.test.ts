import { expect, test } from 'vitest'
import { ONCE, REPEATED, type Row } from '../test/call-rows.ts'
import { createClient } from './client.ts'

// What each call sends and returns, and whether it is sent again after a lost reply.

/** The outcome of a call, and each of its requests. The first `lost` replies are lost. */
async function outcomeOf({ call, data }: Row, lost: number) {
  const sent: { readonly query: string; readonly variables: { input?: { idempotencyKey?: string } } }[] = []
  const client = createClient({
    url: 'http://gateway.test',
    apiKey: 'k',
    retry: { maxRetries: 1, baseDelayMs: 0 },
    async fetch(_url, init) {
      sent.push(JSON.parse(String(init?.body)))
      if (sent.length <= lost) throw new TypeError('fetch failed')
      return Response.json({ data })
    },
  })
  const returned = await call(client).catch((error: { code: string }) => error.code)
  return { returned, sent }
}

const rows = [
  ...Object.entries(REPEATED).map(([name, row]) => [name, row, 2] as const),
  ...Object.entries(ONCE).map(([name, row]) => [name, row, 1] as const),
]

test.each(rows)('%s', async (_name, row, attempts) => {
  const [field = ''] = Object.keys(row.data)
  const { returned, sent } = await outcomeOf(row, 0)
  expect(returned).toEqual(row.returns === undefined ? row.data[field] : row.returns)
  expect(sent).toHaveLength(1)
  expect(sent[0]?.query).toMatch(new RegExp(`\\b${field}\\b`))
  const { idempotencyKey, ...input } = sent[0]?.variables.input ?? {}
  expect(idempotencyKey === undefined ? sent[0]?.variables : { ...sent[0]?.variables, input }).toEqual(
    row.sends,
  )

  const afterLoss = await outcomeOf(row, 1)
  expect(afterLoss.sent).toHaveLength(attempts)
  expect(afterLoss.sent.at(-1)).toEqual(afterLoss.sent[0])
  expect(afterLoss.returned).toEqual(attempts === 1 ? 'UNREACHABLE' : returned)
})
