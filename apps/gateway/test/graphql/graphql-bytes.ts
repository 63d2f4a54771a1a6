import { once } from 'node:events'
import { connect } from 'node:net'

/** Of every document here, unless a test says others. */
export const variables = { input: { number: '123456789012' } }

let made = 0
/** The same document to GraphQL, and another one to the fast path, so that Fastify and Apollo answer it. */
export const neverSeen = (query: string) => `${query} # ${made++}`
export const bodyOf = (query: string) => JSON.stringify({ query, variables })

export interface Shape {
  /** In place of the usual line of the head with the same name, or beside all of them. */
  readonly head?: readonly string[]
  readonly line?: string
}

/** The bytes of a usual request, after which the connection closes. */
export function requestBytes(
  key: string,
  body: string | Buffer,
  { head = [], line = 'POST /graphql HTTP/1.1' }: Shape = {},
): Buffer {
  const usual = [
    'Host: 127.0.0.1',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  const nameOf = (text: string) => text.split(':')[0]?.toLowerCase()
  const named = new Set(head.map(nameOf))
  const kept = usual.filter((text) => !named.has(nameOf(text)))
  const lines = [line, ...kept, ...head.filter((text) => !text.endsWith(': none')), 'Connection: close']
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body)])
}

export const keptOpen = (bytes: Buffer) => Buffer.from(bytes.toString().replace('Connection: close\r\n', ''))

/** Sends bytes, in pieces if there are several, and reads until the server closes the connection. */
export async function exchangeBytes(port: number, ...pieces: Buffer[]): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const read: Buffer[] = []
  socket.on('data', (piece) => read.push(piece))
  socket.on('error', () => {})
  for (const piece of pieces) {
    socket.write(piece)
    if (pieces.length > 1) await new Promise((sent) => setImmediate(sent))
  }
  await once(socket, 'close')
  return Buffer.concat(read)
}

/** Sends documents until they are known, and run as compiled functions. */
export async function learn(port: number, key: string, ...queries: string[]): Promise<void> {
  for (let times = 0; times < 4; times++) {
    for (const query of queries) await exchangeBytes(port, requestBytes(key, bodyOf(query)))
  }
}
