import { buildSchema } from 'graphql'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApollo } from './apollo.ts'
import { createDocumentStore } from './documents/document-store.ts'

let validations = 0
const apollo = createApollo({
  schema: buildSchema('type Query { one: Int }'),
  logger: pino({ level: 'silent' }),
  introspection: false,
  documentStore: createDocumentStore(),
  plugins: [
    {
      requestDidStart: async () => ({
        async validationDidStart() {
          validations += 1
        },
      }),
    },
  ],
})
beforeAll(() => apollo.start())
afterAll(() => apollo.stop())
beforeEach(() => {
  validations = 0
})

async function ask(query: string) {
  const { body } = await apollo.executeOperation({ query }, { contextValue: {} as never })
  return body.kind === 'single' ? body.singleResult : undefined
}

test('a document that comes many times at once is validated once', async () => {
  const answers = await Promise.all(Array.from({ length: 64 }, () => ask('query Known { one }')))
  expect(answers).toEqual(Array(64).fill({ data: { one: null } }))
  await ask('query Known { one }')
  expect(validations).toBe(1)
})

test('a document has 1,000 tokens at most', async () => {
  const isRead = async (tokens: number) => {
    const answer = await ask(`{ ${'one '.repeat(tokens - 2)}}`)
    return answer?.errors?.every(({ message }) => message !== 'A document has at most 1000 tokens.')
  }
  expect([await isRead(1000), await isRead(1001)]).toEqual([true, false])
})

test('of a document with many faults 10 are listed', async () => {
  const answer = await ask(`{ ${Array.from({ length: 15 }, (_, at) => `unknown${at}`).join(' ')} }`)
  const faults = answer?.errors?.map(({ message }) => message) ?? []
  expect(faults.filter((fault) => fault.startsWith('Cannot query field'))).toHaveLength(10)
  expect(faults.at(-1)).toContain('Too many validation errors')
})

test('each of many requests with a bad document is refused', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('query Bad { two }')))
  for (const answer of answers)
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
})
