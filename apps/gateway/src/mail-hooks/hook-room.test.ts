import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { createHookRoom, HOOKS_AT_A_TIME, HOOKS_OF_A_CLIENT } from './hook-room.ts'

const app = Fastify()
let answerAll = () => {}
const answered = new Promise<void>((answer) => {
  answerAll = answer
})
app.addHook('onRequest', createHookRoom())
app.post('/', async () => {
  await answered
  return 'taken'
})
afterEach(() => app.close())

test('all clients together have room for 64 reports, which is free again after the replies', async () => {
  // Awaited at once, because until then nothing is sent.
  const post = async (remoteAddress: string) => await app.inject({ method: 'POST', url: '/', remoteAddress })
  expect(HOOKS_AT_A_TIME).toBe(64)
  await app.ready()
  const held = Array.from({ length: HOOKS_AT_A_TIME }, (_, at) =>
    post(`192.0.2.${Math.floor(at / HOOKS_OF_A_CLIENT)}`),
  )
  expect((await post('198.51.100.1')).statusCode).not.toBe(200)
  answerAll()
  for (const reply of held) expect((await reply).statusCode).toBe(200)
  expect((await post('198.51.100.1')).statusCode).toBe(200)
})
