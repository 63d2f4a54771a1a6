import type { EmailauthClient, SuppressionInput } from '@emailauth/client'
import type { ListLine } from './read-list.ts'

/** What became of a list. */
export interface Imported {
  added: number
  known: number
  refused: number
  /** More lines than {@link MOST_REFUSED} were refused, so the rest was not read. */
  stopped: boolean
}

/** Within the gateway's bounds of addresses in a call and bytes of a request. */
const BATCH = 200
const BATCH_BYTES = 40_000
/** So many lines that are no addresses: this is another kind of file. */
export const MOST_REFUSED = 1000

interface Waiting {
  readonly line: number
  readonly address: SuppressionInput
}

/**
 * Sends a list in batches while it is read. Done again, after an interruption too, it adds what is missing.
 */
export async function importList(
  client: Pick<EmailauthClient, 'addSuppressions'>,
  tenantId: string,
  list: AsyncIterable<ListLine>,
  onRefused: (line: number, why: string) => void,
): Promise<Imported> {
  const total: Imported = { added: 0, known: 0, refused: 0, stopped: false }
  let batch: Waiting[] = []
  let bytes = 0

  function refuse(line: number, why: string): void {
    total.refused++
    onRefused(line, why)
  }

  async function send(): Promise<void> {
    if (batch.length === 0) return
    const addresses = batch.map(({ address }) => address)
    const { added, known, refused } = await client.addSuppressions(tenantId, addresses)
    total.added += added
    total.known += known
    for (const { index, message } of refused) refuse(batch[index]?.line ?? 0, message)
    batch = []
    bytes = 0
  }

  for await (const one of list) {
    if ('fault' in one) refuse(one.line, one.fault)
    else {
      const size = Buffer.byteLength(JSON.stringify(one.address))
      if (batch.length === BATCH || bytes + size > BATCH_BYTES) await send()
      batch.push(one)
      bytes += size
    }
    if (total.refused > MOST_REFUSED) return { ...total, stopped: true }
  }
  await send()
  return total
}
