import type { Exchange, StreamCall, Transport } from '@emailauth/rpc/client/transport'
import { expect, test } from 'vitest'
import { createMailer } from './mailer/mailer-client.ts'
import { createPersistence } from './persistence/persistence-client.ts'

// How long the gateway waits for each kind of call, how many connections it opens and how many calls travel
// together, each number written out.

/** Services that answer nothing; what was sent to them, and how many connections each transport may open. */
function recorded() {
  const sent: Exchange[] = []
  const streams: StreamCall[] = []
  const connections: (number | undefined)[] = []
  const openTransport = (maxOpen?: number): Transport => {
    connections.push(maxOpen)
    return {
      async send(exchange) {
        sent.push(exchange)
        // A store that does not send its time gets no deadlines.
        const status = exchange.path === '/v1/store-time' ? 204 : 503
        return { status, headers: {}, body: undefined }
      },
      async stream(call) {
        streams.push(call)
        throw new Error('no stream')
      },
      close: async () => {},
    }
  }
  const options = { url: 'http://service', serviceToken: 't', openTransport, logger: { warn: () => {} } }
  /** What the calls of an act sent. */
  const during = async (act: () => Promise<unknown>) => {
    sent.length = 0
    await act().catch(() => {})
    return sent.map(({ timeoutMs }) => timeoutMs)
  }
  return { options, sent, streams, connections, during }
}

const tenantId = 'demo'
const wait = { waitSeconds: 15, signal: new AbortController().signal }
const webhook = { id: 'demo.wh_0000000000000000' } as never

test('calls of the mailer', async () => {
  const { options, sent, connections, during } = recorded()
  const mailer = createMailer(options)
  expect(connections).toEqual([undefined, 8, 40, 4])

  expect(await during(() => mailer.send({ messageId: 'm' } as never, 'r'))).toEqual([10_000])
  expect(await during(() => mailer.message('demo.a'))).toEqual([4000])
  expect(await during(() => mailer.messageCounts(tenantId))).toEqual([4000])
  expect(await during(() => mailer.status())).toEqual([2000])
  expect(await during(() => mailer.acknowledgeOutcomes([]))).toEqual([2000])
  // A long poll, and 2 s for its reply.
  expect(await during(() => mailer.leaseOutcomes(1, wait))).toEqual([17_000])
  expect(await during(() => mailer.webhookFailures(wait))).toEqual([17_000])
  // Others' servers are tried for 8 s; the dashboard waits 10 s.
  expect(await during(() => mailer.sendTestMail({ tenantId } as never))).toEqual([9500])
  expect(await during(() => mailer.checkRelays({ tenantId } as never))).toEqual([9500])
  expect(await during(() => mailer.testWebhook(webhook, {} as never))).toEqual([9500])

  await during(() =>
    Promise.allSettled(Array.from({ length: 81 }, () => mailer.send({ messageId: 'm' } as never, 'r'))),
  )
  const messages = sent.map(({ body }) => (body as { requests: unknown[] }).requests.length)
  expect(messages).toEqual([80, 1])
  await during(() => Promise.allSettled(Array.from({ length: 201 }, (_, at) => mailer.message(`demo.${at}`))))
  expect(sent.map(({ path }) => path.split(',').length)).toEqual([200, 1])
  await during(() =>
    Promise.allSettled(Array.from({ length: 201 }, (_, at) => mailer.webhookState(`demo.wh_${at}`))),
  )
  expect(sent.map(({ body }) => (body as { ids: unknown[] }).ids.length)).toEqual([200, 1])
})

test('messages to drop are gathered for 100 ms, and given up after 2 s', async () => {
  const { options, during } = recorded()
  const mailer = createMailer(options)
  const drops = during(async () => {
    mailer.drop('demo.a', 'gone')
    mailer.drop('demo.b', 'verified')
    await mailer.close()
  })
  expect(await drops).toEqual([2000])
})

test('calls of persistence', async () => {
  const { options, sent, streams, connections, during } = recorded()
  const persistence = createPersistence(options)
  expect(connections).toEqual([undefined, 8, 500])

  expect(await during(() => persistence.identities({ first: 1 } as never))).toEqual([4000])
  expect(await during(() => persistence.statistics({} as never))).toEqual([4000])
  expect(await during(() => persistence.reportDeliveries([]))).toEqual([2000])
  const { signal } = wait
  await persistence
    .liveEvents({ audit: false }, '0', signal)
    .next()
    .catch(() => {})
  expect(streams).toMatchObject([{ quietMs: 15_000 }])

  const sizes = async (act: () => Promise<unknown>) => {
    await during(() => Promise.allSettled(Array.from({ length: 121 }, act)))
    const batches = sent.filter(({ isBatch }) => isBatch).map(({ body }) => body as { requests: unknown[] })
    return batches.map(({ requests }) => requests.length)
  }
  expect((await sizes(() => persistence.register({ requestId: 'r' } as never))).slice(0, 2)).toEqual([120, 1])
  expect((await sizes(() => persistence.verify({ requestId: 'r' } as never))).slice(0, 4)).toEqual([
    ...[32, 32, 32, 25],
  ])
})
