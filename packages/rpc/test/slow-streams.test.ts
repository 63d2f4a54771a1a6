import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { BATCH_STREAM_PATH, JSON_LINES } from '../src/frames.ts'
import { serveBatches } from '../src/server/batches.ts'
import { buildTestService, serviceToken } from './test-service.ts'

let app: FastifyInstance
let port: number
beforeEach(async () => {
  app = await buildTestService(
    (scope, metrics) => {
      const answer = async () => ({ ok: true })
      const reply = z.object({ ok: z.boolean() })
      const batches = serveBatches(scope, { metrics })
      batches.add({ path: '/v1/things/batch', summary: 'x', body: z.object({}), reply, answer })
    },
    { requestLimits: { headersMs: 300, requestMs: 300, replyMs: 60_000 } },
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})

/** Sends bytes without an end. Returns the reply when the server closes the connection. */
async function hang(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (piece) => {
    text += String(piece)
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

test("a stranger's stream is refused, and its body may not go on either", async () => {
  const head = `POST ${BATCH_STREAM_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_LINES}\r\n`
  const text = await hang(`${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`)
  expect(text).toMatch(/^HTTP\/1\.1 401 /)
})

test("the gateway's batch stream outlives the limit", async () => {
  const stream = request({
    port,
    host: '127.0.0.1',
    path: BATCH_STREAM_PATH,
    method: 'POST',
    headers: { authorization: `Bearer ${serviceToken}`, 'content-type': JSON_LINES },
  })
  stream.flushHeaders()
  const [response] = await once(stream, 'response')
  const lines: string[] = []
  response.on('data', (piece: Buffer) => lines.push(String(piece)))
  // A later connection was closed by the limit, so the limit has passed for this earlier one too.
  await hang('POST /v1/things/batch HTTP/1.1\r\n')
  await hang('POST /v1/things/batch HTTP/1.1\r\n')
  stream.write(`${JSON.stringify({ id: 7, path: '/v1/things/batch', headers: {}, body: {} })}\n`)
  await once(response, 'data')
  expect(lines.join('')).toContain('"ok":true')
  stream.destroy()
})
