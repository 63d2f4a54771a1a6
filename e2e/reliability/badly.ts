import { once } from 'node:events'
import { connect } from 'node:net'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { SearchedText } from './hunt.ts'

/** Subscribes with a document that cannot run, and gives what is answered. */
export async function overSocket(
  url: string,
  key: string,
  what: string,
  payload: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
): Promise<SearchedText> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  })
  const content = await new Promise<string>((resolve) => {
    const answers: unknown[] = []
    client.subscribe(payload, {
      next: (answer) => answers.push(answer),
      error: (error) => resolve(JSON.stringify([...answers, error])),
      complete: () => resolve(JSON.stringify(answers)),
    })
  })
  await client.dispose()
  if (!content.includes('BAD_USER_INPUT')) throw new Error(`${what} was answered with ${content}`)
  return { name: `answer on a socket to ${what}`, content }
}

/** Sends bytes that are no request, and gives what is answered until the connection ends. */
export async function overRawHttp(url: string, what: string, bytes: string): Promise<SearchedText> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let content = ''
  socket.on('data', (piece) => {
    content += String(piece)
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  if (!content.startsWith('HTTP/1.1 4')) throw new Error(`${what} was answered with ${content}`)
  return { name: `answer to ${what}`, content }
}
