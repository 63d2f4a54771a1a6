import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { STORE_TIME_HEADER } from '@emailauth/rpc/deadline'
import { BATCH_STREAM_PATH } from '@emailauth/rpc/frames'

export interface ReceivedCall {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/**
 * A service whose replies the test chooses: lost, late or invalid ones, which the real services do not give.
 * It answers by itself only the question for the store's time, with the current time.
 */
export async function startScriptedService(answer: (call: ReceivedCall, response: ServerResponse) => void) {
  const calls: ReceivedCall[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    // It has no batch streams.
    if (url === BATCH_STREAM_PATH) {
      response.writeHead(404, { connection: 'close' }).end()
      return
    }
    const text = Buffer.concat(await request.toArray()).toString()
    if (url === '/v1/store-time') {
      response.writeHead(204, { [STORE_TIME_HEADER]: String(Date.now()) }).end()
      return
    }
    const call = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) }
    calls.push(call)
    answer(call, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    connections: () => promisify(server.getConnections.bind(server))(),
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
