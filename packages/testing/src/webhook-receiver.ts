import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** One request that came in, and what the independent library says of it. */
export interface Received {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: { id: string; type: string; data: { identityId: string | null } }
  /** Whether each of the receiver's secrets verifies it. */
  readonly verified: readonly boolean[]
}

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers from now on: a status, or nothing at all. */
  answer: (request: Received) => number | 'nothing' | Promise<number>
  readonly headers: Record<string, string>
  secrets: string[]
  stop(): Promise<void>
  /** On the same port as before. */
  start(): Promise<void>
}

/** A real HTTP server that verifies what it gets with the library of Standard Webhooks. */
export async function startReceiver(secrets: readonly string[] = []): Promise<Receiver> {
  let server: Server | undefined
  let port = 0

  const receiver: Receiver = {
    get url() {
      return `http://127.0.0.1:${port}/hook`
    },
    received: [],
    answer: () => 204,
    headers: {},
    secrets: [...secrets],
    async start() {
      server = createServer(async (request, reply) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk)
        const text = Buffer.concat(chunks).toString()
        const came: Received = {
          id: String(request.headers['webhook-id']),
          headers: request.headers,
          body: JSON.parse(text),
          verified: receiver.secrets.map((secret) => verifies(secret, text, request.headers)),
        }
        receiver.received.push(came)
        const status = await receiver.answer(came)
        if (status !== 'nothing') reply.writeHead(status, receiver.headers).end()
      })
      await new Promise<void>((listening) => server?.listen(port, '127.0.0.1', listening))
      // It listens by TCP.
      port = (server.address() as AddressInfo).port
    },
    async stop() {
      server?.closeAllConnections()
      await new Promise((closed) => server?.close(closed))
    },
  }
  await receiver.start()
  return receiver
}

function verifies(secret: string, text: string, headers: IncomingHttpHeaders): boolean {
  try {
    // Nobody sends one of its headers twice.
    new Webhook(secret).verify(text, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
