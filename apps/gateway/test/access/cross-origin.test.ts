import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

let world: World
let allowing: FastifyInstance
beforeAll(async () => {
  world = await startWorld()
  allowing = await world.another({
    production: true,
    corsOrigins: ['https://app.example.com', 'https://two.example.com'],
  })
})
afterAll(async () => {
  await allowing?.close()
  await world?.stop()
})

test('a page of an origin in the setting may call with a key, never with a cookie; others may not', async () => {
  const preflight = (app: FastifyInstance, origin: string, url = '/graphql') =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
  for (const url of ['/graphql', '/v1/registrations', '/schema.graphql']) {
    const allowed = await preflight(allowing, 'https://two.example.com', url)
    expect(allowed.statusCode).toBe(204)
    expect(allowed.headers['access-control-allow-origin']).toBe('https://two.example.com')
    expect(allowed.headers['access-control-allow-headers']).toContain('authorization')
    expect(allowed.headers['access-control-max-age']).toBe('600')
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined()
    const stranger = await preflight(allowing, 'https://evil.example', url)
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
    const off = await preflight(world.app, 'https://two.example.com', url)
    expect([off.statusCode, off.headers['access-control-allow-origin']]).toEqual([405, undefined])
  }
  const headers = { origin: 'https://app.example.com', authorization: `Bearer ${world.key}` }
  const reply = await allowing.inject({
    method: 'POST',
    url: '/graphql',
    headers,
    payload: { query: '{ viewer { scope } }' },
  })
  expect(reply.headers['access-control-allow-origin']).toBe('https://app.example.com')
  expect(String(reply.headers['access-control-expose-headers'])).toMatch(
    /x-request-id.*retry-after.*ratelimit/i,
  )
  const everybody = await world.another({ corsOrigins: ['*'] })
  expect((await preflight(everybody, 'https://any.example')).headers['access-control-allow-origin']).toBe('*')
  await everybody.close()
})

test('caches keep the answers to different origins, encodings and kinds of callers apart', async () => {
  const varyOf = async (url: string, headers: object) => {
    const reply = await allowing.inject({
      url,
      headers: { origin: 'https://app.example.com', host: 'localhost', ...headers },
    })
    return String(reply.headers.vary).toLowerCase().split(/, */).sort()
  }
  const encoding = { 'accept-encoding': 'br' }
  expect(await varyOf('/schema.graphql', encoding)).toEqual(['accept-encoding', 'origin'])
  expect(await varyOf('/graphql', { accept: BROWSER })).toEqual(['accept', 'origin'])
  expect(await varyOf('/verify/x', {})).toEqual(['accept-language', 'origin'])
})
