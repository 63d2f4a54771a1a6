import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { buildServiceApp, type ServiceApp } from './app.ts'
import { addRoutes, routeWith } from './routes.ts'

interface Ports {
  readonly greet: (name: string) => string
}

const route = routeWith<Ports>()

const greet = route({
  method: 'POST',
  url: '/v1/greetings/:name',
  bodyLimit: 100,
  schema: {
    summary: 'Greets',
    params: z.object({ name: z.string().max(10) }),
    body: z.object({ times: z.number().int() }),
    response: { 200: z.object({ texts: z.array(z.string()) }) },
  },
  handler: async ({ greet }, { params, body }) => ({
    texts: Array.from({ length: body.times }, () => greet(params.name)),
  }),
})

const apps: Awaited<ReturnType<typeof buildServiceApp>>[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

async function appWith(routes: (app: ServiceApp) => void) {
  const serviceToken = 's'.repeat(32)
  const app = await buildServiceApp({
    name: 'test',
    description: 'A test',
    serviceToken,
    logger: undefined,
    readyChecks: [],
    routes,
  })
  apps.push(app)
  const post = (name: string, payload: object) =>
    app.inject({
      method: 'POST',
      url: `/v1/greetings/${name}`,
      payload,
      headers: { authorization: `Bearer ${serviceToken}` },
    })
  return { post }
}

test('a handler works with the ports of the app that its route was added to', async () => {
  for (const word of ['hello', 'hola']) {
    const { post } = await appWith((app) => addRoutes(app, { greet: (name) => `${word} ${name}` }, [greet]))
    const reply = await post('ada', { times: 2 })
    expect([reply.statusCode, reply.json()]).toEqual([200, { texts: [`${word} ada`, `${word} ada`] }])
  }
})

test('its shapes and its limit hold', async () => {
  const { post } = await appWith((app) => addRoutes(app, { greet: () => 'hello' }, [greet]))
  expect((await post('ada', { times: 'two' })).statusCode).toBe(400)
  expect((await post('a'.repeat(11), { times: 1 })).statusCode).toBe(400)
  expect((await post('ada', { times: 1, rest: 'x'.repeat(100) })).statusCode).toBe(413)
})
