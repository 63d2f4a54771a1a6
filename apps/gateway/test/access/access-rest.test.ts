import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type TestSession, type World } from '../world.ts'

let world: World
let session: TestSession
beforeAll(async () => {
  world = await startWorld()
  session = await world.newSession()
})
afterAll(() => world?.stop())

test.each(['persistence', 'mailer'] as const)(
  'the OpenAPI document of %s has what it refers to',
  async (name) => {
    const headers = { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}` }
    const text = await (await fetch(`${world[name].url}/openapi.json`, { headers })).text()
    const { schemas } = JSON.parse(text).components as { schemas: object }
    const refs = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)].map(([, ref]) => ref),
    )
    expect(refs.size).toBeGreaterThan(5)
    expect([...refs].filter((ref) => !Object.hasOwn(schemas, String(ref)))).toEqual([])
    expect(text).not.toContain('#/$defs')
  },
)

test.each(['persistence', 'mailer'] as const)('no route of %s answers a stranger', async (name) => {
  const base = world[name].url
  const headers = { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}` }
  const { paths } = (await (await fetch(`${base}/openapi.json`, { headers })).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{.*?\}/g, 'x')] as const),
  )
  expect(routes.length).toBeGreaterThan(5)
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'nonsense' },
    { authorization: `Bearer ${'x'.repeat(world.env.EMAILAUTH_SERVICE_TOKEN.length)}` },
    { authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}x` },
    { authorization: `Bearer ${world.adminKey}` },
    { cookie: session.cookie },
  ]
  for (const [method, path] of [...routes, ['GET', '/openapi.json'] as const]) {
    for (const stranger of strangers) {
      const reply = await fetch(base + path, {
        method,
        headers: { ...stranger, accept: 'text/event-stream' },
      })
      expect([method, path, reply.status]).toEqual([method, path, 401])
      await reply.body?.cancel()
    }
  }
})
