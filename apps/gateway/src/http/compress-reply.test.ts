import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { compressReply } from './compress-reply.ts'

const app = Fastify()
app.get<{ Querystring: { length: string } }>('/', { onSend: compressReply }, async ({ query }, reply) => {
  reply.type('application/json')
  return JSON.stringify('ü'.repeat(Number(query.length)))
})
afterEach(() => app.close())

test('large replies come compressed in what the caller reads, small ones and others as they are', async () => {
  const get = (length: number, accepted?: string) =>
    app.inject({
      url: `/?length=${length}`,
      headers: accepted === undefined ? {} : { 'accept-encoding': accepted },
    })
  const whole = JSON.stringify('ü'.repeat(5000))
  const brotli = await get(5000, 'gzip, deflate, br')
  expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' })
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(whole)
  expect(brotli.rawPayload.length).toBe(Number(brotli.headers['content-length']))
  const gzip = await get(5000, 'gzip')
  expect(gzip.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(whole)
  for (const reply of [await get(5000), await get(5000, 'identity'), await get(5000, 'br;q=0, zstd')]) {
    expect(reply.headers['content-encoding']).toBeUndefined()
    expect(reply.body).toBe(whole)
  }
  // Two quotes are part of the text.
  const small = await get(2045, 'br')
  expect(small.headers['content-encoding']).toBeUndefined()
  expect(small.headers.vary).toBeUndefined()
  expect((await get(2046, 'br')).headers['content-encoding']).toBe('br')
})
