import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { buildSchema } from 'graphql'
import { expect, onTestFinished, test, vi } from 'vitest'
import { encode } from '../http/compress-reply.ts'
import { schemaRoutes } from './schema.routes.ts'

test('a compression that failed is tried again by the next request', async () => {
  const compressing = vi.fn(encode).mockRejectedValueOnce(new Error('no memory'))
  const app = Fastify()
  onTestFinished(() => app.close())
  schemaRoutes(app, buildSchema('type Query { viewer: ID }'), compressing)
  const get = () => app.inject({ url: '/schema.graphql', headers: { 'accept-encoding': 'br' } })
  const failed = await get()
  expect([failed.statusCode, failed.headers['content-encoding']]).toEqual([500, undefined])
  expect((await get()).statusCode).toBe(200)
})

test('the schema is compressed once for each encoding, because strangers may ask for it all the time', async () => {
  const compressing = vi.fn(encode)
  const app = Fastify()
  onTestFinished(() => app.close())
  schemaRoutes(app, buildSchema('type Query { viewer: ID }'), compressing)
  const get = (accepted?: string) =>
    app.inject({
      url: '/schema.graphql',
      headers: accepted === undefined ? {} : { 'accept-encoding': accepted },
    })
  const { body: whole } = await get()
  const [brotli] = await Promise.all([get('gzip, br'), get('br'), get('br')])
  const gzip = await get('gzip')
  expect([brotli?.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip'])
  expect(brotliDecompressSync(brotli?.rawPayload ?? '').toString()).toBe(whole)
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(whole)
  expect(gunzipSync((await get('gzip')).rawPayload).toString()).toBe(whole)
  expect(compressing).toHaveBeenCalledTimes(2)
})
