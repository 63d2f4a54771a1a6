import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, beforeEach, expect } from 'vitest'
import { CutOff } from '../../src/smtp/cut-off.ts'
import { RFC_TIMEOUTS, type Timeouts } from '../../src/smtp/timeouts.ts'
import type { Message, Sent } from '../../src/smtp/transaction.ts'
import { createTransfer, type Transfer } from '../../src/smtp/transfer.ts'

/** A relay that the test plays by hand, to see every byte and every write. */
export interface RelayByHand {
  /** The writes of the client since the last look. */
  received: string[]
  /** The relay's end of the connection, and the client's. */
  readonly theirs: Socket
  readonly ours: Socket
  begin(
    pipelining: boolean,
    timeouts?: Partial<Timeouts>,
    groupSilenceMs?: number,
    chunking?: boolean,
  ): Transfer
  /** Waits until the client has written this text, then answers. */
  expectAndReply(text: string, answer: string): Promise<void>
}

/** A connection to one for each test. */
export function relayByHandForEachTest(take: (relay: RelayByHand) => void): void {
  let server: Server
  let relay: RelayByHand | undefined
  beforeEach(async () => {
    server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connected = once(server, 'connection')
    const ours = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [[theirs]] = (await Promise.all([connected, once(ours, 'connect')])) as [[Socket], unknown]
    const made: RelayByHand = {
      received: [],
      theirs,
      ours,
      begin(pipelining, timeouts = {}, groupSilenceMs = 60_000, chunking = false) {
        const all = { ...RFC_TIMEOUTS, ...timeouts }
        const forms = { mayPipeline: () => pipelining, mayChunk: () => chunking }
        return createTransfer(ours, { timeouts: all, groupSilenceMs, ...forms })
      },
      async expectAndReply(text, answer) {
        await eventually(() => expect(made.received.join('')).toBe(text))
        made.received = []
        theirs.write(answer)
      },
    }
    theirs.setEncoding('utf8')
    theirs.on('data', (piece: string) => made.received.push(piece))
    relay = made
    take(made)
  })
  afterEach(() => {
    relay?.ours.destroy()
    relay?.theirs.destroy()
    server.close()
  })
}

export const message = (name: string): Message => ({
  from: 'us@x.example',
  to: `${name}@y.example`,
  raw: `Subject: ${name}\r\n`,
  cutOff: new CutOff(),
})

/** The commands before that message's text. */
export const commands = (name: string) =>
  `MAIL FROM:<us@x.example>\r\nRCPT TO:<${name}@y.example>\r\nDATA\r\n` as const

export function give(transfer: Transfer, given: Message): Promise<Sent> {
  return new Promise((done) => transfer.send(given, done))
}
