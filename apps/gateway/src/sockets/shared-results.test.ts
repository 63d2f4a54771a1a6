import { setImmediate as nextTurn } from 'node:timers/promises'
import { buildSchema, type ExecutionResult, parse } from 'graphql'
import { expect, test } from 'vitest'
import { createSubscribe } from './shared-results.ts'

const schema = buildSchema(`
  type Event { n: Int!  more: Int }
  type Query { no: Int }
  type Subscription { events: Event! }
`)

test('readers of one kind share the result of an event; other selections and variables have their own', async () => {
  const events = [{ n: 1 }, { n: 2 }]
  let resolved = 0
  const fields = schema.getSubscriptionType()?.getFields()
  if (fields?.events === undefined) throw new Error('no field')
  fields.events.subscribe = async function* () {
    yield* events
  }
  fields.events.resolve = (event) => {
    resolved += 1
    return event
  }
  const subscribe = createSubscribe()
  const document = parse('subscription ($m: Boolean!) { events { n more @include(if: $m) } }')
  const other = parse('subscription { events { a: n } }')
  const read = async (args: object) => {
    const results: ExecutionResult[] = []
    for await (const result of (await subscribe({
      schema,
      document,
      ...args,
    })) as AsyncIterable<ExecutionResult>)
      results.push(JSON.parse(JSON.stringify(result)))
    return results
  }
  const short = { variableValues: { m: false } }
  const [first, ...same] = await Promise.all(Array.from({ length: 100 }, () => read(short)))
  expect(first).toEqual([{ data: { events: { n: 1 } } }, { data: { events: { n: 2 } } }])
  for (const results of same) expect(results).toEqual(first)
  expect(resolved).toBe(2)
  expect(await read({ variableValues: { m: true } })).toMatchObject([
    { data: { events: { n: 1, more: null } } },
    { data: { events: { n: 2, more: null } } },
  ])
  expect(await read({ document: other })).toEqual([
    { data: { events: { a: 1 } } },
    { data: { events: { a: 2 } } },
  ])
  expect(resolved).toBe(6)
  await nextTurn()
})
