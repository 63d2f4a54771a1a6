import type { SuppressionInput } from '@emailauth/client'
import { expect, test } from 'vitest'
import { importList, MOST_REFUSED } from './import-list.ts'
import type { ListLine } from './read-list.ts'

/** A gateway that knows what it was sent, and refuses addresses that begin with "no". */
function gateway() {
  const known = new Set<string>()
  const batches: SuppressionInput[][] = []
  return {
    batches,
    addSuppressions: async (_tenantId: string, addresses: readonly SuppressionInput[]) => {
      batches.push([...addresses])
      const refused = addresses.flatMap(({ email }, index) =>
        email.startsWith('no') ? { __typename: 'RefusedSuppression' as const, index, message: 'no' } : [],
      )
      const good = addresses.filter(({ email }) => !email.startsWith('no'))
      const fresh = good.filter(({ email }) => !known.has(email))
      for (const { email } of fresh) known.add(email)
      return { added: fresh.length, known: good.length - fresh.length, refused }
    },
  }
}

async function* lines(many: number, of: (line: number) => SuppressionInput): AsyncGenerator<ListLine> {
  for (let line = 1; line <= many; line++) yield { line, address: of(line) }
}

test('a long list goes in batches of 200, and again without effect; each refused line is reported', async () => {
  const { addSuppressions, batches } = gateway()
  const list = () => lines(450, (line) => ({ email: `${line === 301 ? 'no' : 'a'}${line}@example.com` }))
  const reported: unknown[] = []
  const run = () => importList({ addSuppressions }, 'demo', list(), (...one) => reported.push(one))
  expect(await run()).toEqual({ added: 449, known: 0, refused: 1, stopped: false })
  expect(await run()).toEqual({ added: 0, known: 449, refused: 1, stopped: false })
  expect(batches.map(({ length }) => length)).toEqual([200, 200, 50, 200, 200, 50])
  expect(reported).toEqual([
    [301, 'no'],
    [301, 'no'],
  ])
})

test('a batch stays within what the gateway reads at once', async () => {
  const { addSuppressions, batches } = gateway()
  const list = lines(300, (line) => ({ email: `a${line}@example.com`, reason: 'ü'.repeat(1000) }))
  await importList({ addSuppressions }, 'demo', list, () => {})
  for (const batch of batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(48 * 1024)
  expect(batches.flat()).toHaveLength(300)
})

test('after more than 1,000 lines that are no addresses the rest is not read', async () => {
  const { addSuppressions } = gateway()
  let read = 0
  async function* endless(): AsyncGenerator<ListLine> {
    for (;;) yield { line: ++read, fault: 'it has no address' }
  }
  expect(MOST_REFUSED).toBe(1000)
  const result = await importList({ addSuppressions }, 'demo', endless(), () => {})
  expect(result).toMatchObject({ refused: 1001, stopped: true })
  expect(read).toBe(1001)
})
