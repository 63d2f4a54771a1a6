import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { portOf } from '@emailauth/service/http/port-of'
import { Redis } from 'ioredis'
import { answerParent } from './answer.ts'

// The yardstick: the least work of any Node service that trades a key for a value once. One process, JSON in
// and out, one GETDEL a request, auto-pipelined. No limits, keys, secrets, GraphQL or second service.

let redis: Redis
const server = createServer((request, response) => void reply(request, response))
server.keepAliveTimeout = 60_000

async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  request.setEncoding('utf8')
  for await (const chunk of request) body += chunk
  // The load is one of our own programs.
  const { key } = JSON.parse(body) as { key: string }
  const value = await redis.getdel(key)
  const answer = JSON.stringify({ value })
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(answer),
  })
  response.end(answer)
}

answerParent(async (message) => {
  // The parent is one of our own programs.
  const { redisPort } = message as { redisPort: number }
  redis = new Redis(redisPort, '127.0.0.1', { enableAutoPipelining: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: portOf(server) }
})
