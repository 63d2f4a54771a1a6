import fastifyWebsocket, { type WebSocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { MessageStore, StoreEvent } from '../store.ts'
import { summaryOf, unreadOf } from './message-replies.ts'
import { VERSION } from './version.ts'

/** The counts follow a change after this time, once for all changes in it. */
const STATISTICS_DELAY_MS = 250
/** A client that reads nothing is let go before it fills the memory. */
export const MAX_BUFFERED_BYTES = 1024 * 1024
/** Clients only listen, so a message of theirs need not be long. */
const MAX_PAYLOAD_BYTES = 1024
const GOING_AWAY = 1001

interface InboxEvent {
  readonly Type: 'new' | 'update' | 'delete' | 'truncate' | 'stats'
  readonly Data: unknown
}

/** `GET /api/events`: every change as it happens, one JSON text for each, in Mailpit's words. */
export async function addEventsRoute(app: FastifyInstance, store: MessageStore): Promise<void> {
  const sockets = new Set<WebSocket>()
  let statisticsTimer: NodeJS.Timeout | undefined

  const statistics = (): InboxEvent => {
    const all = store.list()
    return { Type: 'stats', Data: { Total: all.length, Unread: unreadOf(all), Version: VERSION } }
  }
  const broadcast = (event: InboxEvent) => {
    const text = JSON.stringify(event)
    for (const socket of sockets) {
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
      else socket.send(text)
    }
  }
  const stopWatching = store.watch((event) => {
    if (sockets.size > 0) broadcast(eventOf(event))
    statisticsTimer ??= setTimeout(() => {
      statisticsTimer = undefined
      if (sockets.size > 0) broadcast(statistics())
    }, STATISTICS_DELAY_MS)
  })
  app.addHook('onClose', async () => {
    stopWatching()
    clearTimeout(statisticsTimer)
  })

  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_PAYLOAD_BYTES },
    async preClose() {
      for (const socket of sockets) socket.close(GOING_AWAY, 'the inbox stops')
      app.websocketServer.close()
    },
  })
  await app.register(async (scope) => {
    scope.get('/api/events', { websocket: true }, (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => socket.terminate())
      socket.send(JSON.stringify(statistics()))
    })
  })
}

function eventOf(event: StoreEvent): InboxEvent {
  switch (event.type) {
    case 'added':
      return { Type: 'new', Data: summaryOf(event.message) }
    case 'read':
      return { Type: 'update', Data: { ID: event.id, Read: event.read } }
    case 'removed':
      return { Type: 'delete', Data: { ID: event.id } }
    case 'cleared':
      return { Type: 'truncate', Data: null }
  }
}
