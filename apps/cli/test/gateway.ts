import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A GraphQL call as the CLI made it. */
interface SeenCall {
  readonly field: string
  readonly authorization: string | undefined
  readonly variables: Record<string, unknown>
}

/**
 * A small gateway over HTTP. `answers` gives the `data` or the first error's extensions of each top-level
 * field.
 */
export async function startGateway(answers: Record<string, { data?: unknown; fault?: object }>) {
  const calls: SeenCall[] = []
  const server = createServer(async (request, response) => {
    const { query, variables } = JSON.parse(await bodyOf(request))
    const field = /\{\s*(\w+)/.exec(query)?.[1] ?? ''
    calls.push({ field, authorization: request.headers.authorization, variables })
    const { data, fault } = answers[field] ?? {}
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify(
        fault === undefined
          ? { data: { [field]: data } }
          : { errors: [{ message: 'Refused.', extensions: fault }] },
      ),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
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

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
