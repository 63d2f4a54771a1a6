import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { createMemoryTransport } from '@emailauth/rpc/client/memory/transport'
import { STORE_TIME_HEADER } from '@emailauth/rpc/deadline'
import { BATCH_STREAM_PATH } from '@emailauth/rpc/frames'
import Fastify from 'fastify'

export interface ReceivedCall {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** The token of the clients that call it in memory; it asks for none. */
export const SERVICE_TOKEN = 't'.repeat(32)

/**
 * A service whose replies the test chooses: lost, late or invalid ones, which the real services do not give.
 * By itself it answers only the question for the store's time, with the current time.
 */
export async function startScriptedService(answer: (call: ReceivedCall, response: ServerResponse) => void) {
  const calls: ReceivedCall[] = []
  const app = Fastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.all('*', async ({ raw }, reply) => {
    reply.hijack()
    const { method = '', url = '', headers } = raw
    const response = reply.raw
    // This service has no batch streams.
    if (url === BATCH_STREAM_PATH) {
      response.writeHead(404, { connection: 'close' }).end()
      return
    }
    const text = Buffer.concat(await raw.toArray()).toString()
    if (url === '/v1/store-time') {
      response.writeHead(204, { [STORE_TIME_HEADER]: String(Date.now()) }).end()
      return
    }
    const call = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) }
    calls.push(call)
    answer(call, response)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const { server } = app
  return {
    url,
    /** Calls it without a socket. */
    openTransport: (maxOpen?: number) =>
      createMemoryTransport({ name: 'scripted', app, serviceToken: SERVICE_TOKEN, maxOpen }),
    calls,
    connections: () => promisify(server.getConnections.bind(server))(),
    async stop() {
      server.closeAllConnections()
      await app.close()
    },
  }
}

export type ScriptedService = Awaited<ReturnType<typeof startScriptedService>>
