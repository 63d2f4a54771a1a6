import { ProblemError } from '@emailauth/service/http/problem-error'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createHookSlots, HOOKS_AT_A_TIME, HOOKS_OF_A_CLIENT } from './hook-slots.ts'
import { mailHookRoutes } from './mail-hooks.routes.ts'

test('all clients together have slots for 64 reports, and each is freed once', () => {
  expect(HOOKS_AT_A_TIME).toBe(64)
  const slots = createHookSlots()
  const [first, ...others] = Array.from({ length: HOOKS_AT_A_TIME }, (_, at) =>
    slots.take(`192.0.2.${Math.floor(at / HOOKS_OF_A_CLIENT)}`),
  )
  expect(() => slots.take('198.51.100.1')).toThrow(ProblemError)
  first?.()
  first?.()
  others.push(slots.take('198.51.100.1'))
  expect(() => slots.take('198.51.100.1')).toThrow(ProblemError)
  for (const release of others) release()
  for (let at = 0; at < HOOKS_OF_A_CLIENT; at++) slots.take('198.51.100.1')
  expect(() => slots.take('198.51.100.1')).toThrow(ProblemError)
})

test('the slots of a client that goes away are free only when the mailer has answered', async () => {
  const app = Fastify()
  let answer = () => {}
  const answered = new Promise<undefined>((resolve) => {
    answer = () => resolve(undefined)
  })
  let taken = 0
  mailHookRoutes(app, {
    takeMailHook() {
      taken += 1
      return answered
    },
  })
  const url = new URL('/hooks/mail/ses', await app.listen({ host: '127.0.0.1', port: 0 }))
  const report = (signal?: AbortSignal) =>
    fetch(url, { method: 'POST', body: '{}', ...(signal && { signal }) })
  try {
    const away = new AbortController()
    const left = Array.from({ length: HOOKS_OF_A_CLIENT }, () => report(away.signal).catch(() => 'away'))
    await expect.poll(() => taken).toBe(HOOKS_OF_A_CLIENT)
    away.abort()
    expect(await Promise.all(left)).toEqual(left.map(() => 'away'))
    await expect.poll(() => connections(app)).toBe(0)
    expect((await report()).status).not.toBe(204)
    expect(taken).toBe(HOOKS_OF_A_CLIENT)
    answer()
    await expect.poll(async () => (await report()).status).toBe(204)
  } finally {
    answer()
    await app.close()
  }
})

const connections = ({ server }: ReturnType<typeof Fastify>) =>
  new Promise((resolve) => {
    server.getConnections((_error: Error | null, count: number) => resolve(count))
  })
