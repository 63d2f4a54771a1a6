import { once } from 'node:events'
import { eventually } from '@emailauth/testing/eventually'
import { WebSocket } from 'ws'

/** A socket whose messages are written by hand. */
export async function openSocket(at: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${at.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const messages: { type: string; id?: string; payload?: { message: string; extensions: object }[] }[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  socket.on('message', (text) => messages.push(JSON.parse(String(text))))
  socket.on('error', () => {})
  await once(socket, 'open')
  const send = (message: object) => socket.send(JSON.stringify(message))
  return {
    closed,
    messages,
    send,
    end: () => socket.terminate(),
    begin: (key?: string) =>
      send({ type: 'connection_init', payload: key === undefined ? {} : { authorization: `Bearer ${key}` } }),
    subscribe: (id: string, query = 'subscription { events { type } }', variables?: object) =>
      send({ id, type: 'subscribe', payload: { query, variables } }),
    async answered(type: string, id?: string) {
      return eventually(() => {
        const found = messages.find((message) => message.type === type && message.id === id)
        if (found === undefined) throw new Error(`no ${type}, but ${JSON.stringify(messages)}`)
        return found
      })
    },
  }
}

/** A socket whose caller the gateway has acknowledged. */
export async function acknowledged(
  at: string,
  key: string | undefined,
  headers: Record<string, string> = {},
) {
  const socket = await openSocket(at, headers)
  socket.begin(key)
  await socket.answered('connection_ack')
  return socket
}
