import { expect, test } from 'vitest'
import { readEvents } from './read-events.ts'

const CURSORS = [1, 2, 3].map((n) => `0000019aa000-0000000${n}-demo`)

const event = (cursor: string) => ({
  cursor,
  type: 'registered',
  at: '2026-11-20T10:00:00.000Z',
  tenantId: 'demo',
  identityId: `demo.${'x'.repeat(23)}`,
  email: 'zoë@exämple.com',
  actor: null,
  target: null,
  changes: null,
  relay: null,
  reply: null,
  reason: null,
  requestId: null,
})

async function read(bytes: Buffer, pieceLength: number): Promise<string[]> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength)
  }
  const cursors: string[] = []
  for await (const { cursor } of readEvents(pieces())) cursors.push(cursor)
  return cursors
}

test.each([1, 7, 100_000])(
  'events that arrive in pieces of %d bytes are read whole, and comments are not',
  async (length) => {
    const text = `: ping\n\n${CURSORS.map((cursor) => `id: ${cursor}\ndata: ${JSON.stringify(event(cursor))}\n\n`).join(': €\n\n')}`
    expect(await read(Buffer.from(text), length)).toEqual(CURSORS)
  },
)

test('an event without its end is none', async () => {
  expect(await read(Buffer.from(`data: ${JSON.stringify(event(String(CURSORS[0])))}\n`), 100)).toEqual([])
})

test('what is no event fails', async () => {
  await expect(read(Buffer.from('data: {"cursor":1}\n\n'), 100)).rejects.toThrow()
  await expect(read(Buffer.from('data: {\n\n'), 100)).rejects.toThrow('not JSON')
})
