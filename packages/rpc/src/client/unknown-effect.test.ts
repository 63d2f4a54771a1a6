import { toProblem } from '@emailauth/contracts/problems'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createRpcClient } from './client.ts'
import { type Exchange, LostReply } from './transport.ts'

const undone = toProblem('unavailable', 'did not take effect', { tookEffect: false })
const route = {
  path: '/v1/things/batch',
  result: z.union([z.object({ thing: z.string() }), z.object({ problem: z.looseObject({}) })]),
  batch: { max: 10, until: 'tick' },
  retry: { unavailable: true, withinMs: 10_000 },
} as const

/** A service that answers each attempt with the next of these. */
function clientOf(...replies: readonly (object | Error)[]) {
  const left = [...replies]
  const send = async (_exchange: Exchange) => {
    const reply = left.shift()
    if (reply === undefined || reply instanceof Error) throw reply ?? new Error('one attempt too many')
    return { status: 'status' in reply ? Number(reply.status) : 200, headers: {}, body: reply }
  }
  const transport = { send, stream: () => Promise.reject(new Error('none')), close: async () => {} }
  return createRpcClient({ name: 'test', transport, timeoutMs: 1000 })
}
const lost = () => new LostReply('unavailable', 'lost')

test('after a lost reply no refusal says that nothing was done', async () => {
  const once = clientOf({ results: [{ problem: undone }] }, { results: [{ problem: undone }] })
  expect(await once.batch(route)({}, 'r')).toEqual({ problem: undone })

  const again = clientOf(lost(), { results: [{ problem: undone }] }, { results: [{ thing: 'x' }] })
  expect(await again.batch(route)({}, 'r')).toEqual({ thing: 'x' })

  const whole = clientOf(lost(), undone)
  const call = { method: 'GET', path: '/v1/things', reply: z.unknown() } as const
  const fault: unknown = await whole.call(call).catch((error) => error)
  expect(fault).toMatchObject({ problem: { code: 'unavailable' } })
  expect(fault).not.toHaveProperty('problem.tookEffect')
  await expect(clientOf(undone).call(call)).rejects.toMatchObject({
    problem: { tookEffect: false, detail: expect.stringContaining('did not take effect') },
  })
})

test('a call that was unavailable first and is refused then may have taken effect', async () => {
  const unknown = toProblem('unavailable', 'unknown')
  const client = clientOf({ results: [{ problem: unknown }] }, { results: [{ problem: undone }] })
  const result = await client.batch(route)({}, 'r')
  expect(result).toMatchObject({ problem: { detail: expect.stringContaining('is unknown') } })
  expect(result).not.toHaveProperty('problem.tookEffect')
})
