import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'

/**
 * A faulty persistence service that the races must detect: it reads the token with GET and deletes it with a
 * second command. It accepts every API key and has only the rule `verify`. Tests write its numbers straight
 * to Redis.
 */
export async function startGetThenDel(redisUrl: string) {
  const redis = new Redis(redisUrl)

  async function verify({ number }: { number: string }) {
    const token = await redis.get(number)
    if (token === null) return { problem: WRONG_CREDENTIALS }
    await redis.del(number)
    const moment = new Date().toISOString()
    return {
      verification: { identityId: `demo.${'a'.repeat(23)}`, email: 'a@b.c', token, registeredAt: moment },
    }
  }

  async function answer(request: IncomingMessage): Promise<object> {
    if (request.url === '/v1/api-keys/authenticate') return API_KEY
    if (request.url !== '/v1/verifications/batch') return { status: 'ok', checks: {} }
    const { requests } = JSON.parse(await textOf(request))
    return { results: await Promise.all(requests.map(verify)) }
  }

  const server = createServer((request, response) => {
    if (request.url === '/v1/store-time') return response.writeHead(204).end()
    return answer(request).then((body) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plant: (number: string, token: string) => redis.set(number, token),
    async stop() {
      server.closeAllConnections()
      server.close()
      redis.disconnect()
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const API_KEY = {
  id: 'a'.repeat(12),
  scope: 'tenant',
  tenantId: 'demo',
  name: 'any',
  createdAt: '2026-01-01T00:00:00.000Z',
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
  createdBy: null,
}
const WRONG_CREDENTIALS = {
  type: 'urn:emailauth:problem:wrong-credentials',
  title: 'Wrong credentials',
  status: 404,
  code: 'wrong-credentials',
  detail: 'This number is not valid.',
}
