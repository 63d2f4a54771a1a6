import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectRedis, type RedisConnection } from '../../src/connection/connect.ts'
import { defineRule, withIndexes } from '../../src/rules/rule.ts'

let server: TestRedis
let redis: RedisConnection
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis(server.url, { onError: () => {} })
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})

const words = (reply: readonly Buffer[]) => reply.map(String)

test('arguments go out by name, whatever the order in which they are written', async () => {
  const rule = defineRule('return { arg.first, arg.second }', { args: ['first', 'second'], decode: words })
  expect(await rule(redis, ['k'], { second: 2, first: 'one' })).toEqual(['one', '2'])
})

test('groups follow, and arguments for the library are the last', async () => {
  const rule = defineRule(
    `local all = {}
    for at = each.name, #ARGV - 1, each.width do all[#all + 1] = ARGV[at] .. '=' .. ARGV[at - each.name + each.value] end
    return { arg.given, ARGV[#ARGV], unpack(all) }`,
    { args: ['given'], each: ['name', 'value'], decode: words },
  )
  const each = [
    { name: 'a', value: 1 },
    { value: 2, name: 'b' },
  ]
  expect(await rule(redis, ['k'], { given: 'x', each }, 'last')).toEqual(['x', 'last', 'a=1', 'b=2'])
  expect(await rule(redis, ['k'], { given: 'x', each: [] }, 'last')).toEqual(['x', 'last'])
})

test('a name that only the script or only the table has is an error at once', () => {
  const decode = words
  expect(() => defineRule('return arg.a', { args: ['a', 'b'], decode })).toThrow('does not use arg.b')
  expect(() => defineRule('return arg.a', { args: ['a'], each: ['c'], decode })).toThrow(
    'does not use each.c',
  )
  expect(() => withIndexes('-- Move: one.\nreturn arg.thrid', ['third'])).toThrow(
    'no argument thrid: Move: one.',
  )
  expect(() => withIndexes('return each.name', ['name'])).toThrow('name')
  expect(withIndexes('target.first, arg.first_one', ['first_one'])).toBe('target.first, ARGV[1]')
})

test('what the decoder throws is the error of its call alone', async () => {
  const rule = defineRule('return arg.kind', {
    args: ['kind'],
    decode: (reply: Buffer) => {
      if (String(reply) === 'strange') throw new Error('A strange reply.')
      return String(reply)
    },
  })
  const [good, bad] = await Promise.allSettled([
    rule(redis, ['k'], { kind: 'usual' }),
    rule(redis, ['k'], { kind: 'strange' }),
  ])
  expect(good).toEqual({ status: 'fulfilled', value: 'usual' })
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'A strange reply.' } })
})
