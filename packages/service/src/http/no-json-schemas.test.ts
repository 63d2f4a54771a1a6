import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { NO_JSON_SCHEMAS } from './no-json-schemas.ts'

test.each([{ body: { type: 'object' } }, { response: { 200: { type: 'object' } } }])(
  'a JSON schema is refused when the app is made: %j',
  async (schema) => {
    const app = Fastify({ schemaController: NO_JSON_SCHEMAS })
    app.post('/', { schema }, async () => ({}))
    await expect(app.ready()).rejects.toThrow('no compilers of JSON schemas')
  },
)

test('a route without shapes works, with hints for a description too', async () => {
  const app = Fastify({ schemaController: NO_JSON_SCHEMAS })
  app.get('/', { schema: { hide: true } as object }, async () => ({ done: true }))
  expect((await app.inject('/')).json()).toEqual({ done: true })
})
