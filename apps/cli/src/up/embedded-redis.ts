// Entry point of a separate process: the embedded in-memory Redis. It reads its endpoint from stdin as JSON.
// The library's own server would listen on every network interface, so we use its parts behind our listener.
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  attachSession,
  createRedisCommandExecutor,
  RedisServerState,
  SocketConnectionTransport,
} from 'js-redis-server/core'
import type { RedisEndpoint } from './redis/redis-endpoint.ts'

// The embedded Redis lives as long as its parent, and ends on its signal.
process.once('disconnect', () => process.exit(0))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0))

// Written by `up`, its parent.
const endpoint = JSON.parse(await text(process.stdin)) as RedisEndpoint
const state = new RedisServerState(endpoint.kind === 'port' ? { requirepass: endpoint.password } : {})
const executor = createRedisCommandExecutor()

createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  attachSession(new SocketConnectionTransport(socket), { state, executor })
}).listen(endpoint.kind === 'port' ? { host: '127.0.0.1', port: endpoint.port } : { path: endpoint.path })
