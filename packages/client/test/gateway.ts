import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a test wants to answer with; a function may do anything to the connection. */
export type Answer = object | ((response: ServerResponse) => void)

/** A call as it came over the wire. */
interface SeenCall {
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly query: string
  readonly variables: { input?: Record<string, unknown> } & Record<string, unknown>
}

/** A real HTTP server with the answers of a test, one after the other; the last one stays. */
export async function startGateway(...answers: readonly Answer[]) {
  const calls: SeenCall[] = []
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    calls.push({ url: request.url, authorization: request.headers.authorization, ...body })
    const next = answers[Math.min(calls.length, answers.length) - 1]
    if (typeof next === 'function') return next(response)
    json(response, 200, next ?? {})
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export function json(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An answer with one GraphQL error. */
export function graphqlError(status: number, extensions: object, headers = {}): Answer {
  return (response) => json(response, status, { errors: [{ message: 'Refused.', extensions }] }, headers)
}
