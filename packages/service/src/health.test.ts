import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { addHealth, READY_FOR_MS } from './health.ts'

test('however many ask, the checks run once at a time and once in a second', async () => {
  expect(READY_FOR_MS).toBe(1000)
  let now = 0
  let asked = 0
  let finish: (() => void)[] = []
  let isWell = true
  const check = () =>
    new Promise<void>((resolve, reject) => {
      asked += 1
      finish.push(() => (isWell ? resolve() : reject(new Error('gone'))))
    })
  const app = Fastify()
  addHealth(app, [{ name: 'redis', check }], () => now)
  const ask = async () => (await app.inject('/readyz')).json()
  const answerAll = async (waiting: Promise<unknown>[]) => {
    while (finish.length === 0) await new Promise(setImmediate)
    for (const end of finish.splice(0)) end()
    return Promise.all(waiting)
  }

  const well = { status: 'ok', checks: { redis: 'ok' } }
  expect(await answerAll(Array.from({ length: 50 }, ask))).toEqual(Array(50).fill(well))
  expect(asked).toBe(1)
  now += READY_FOR_MS - 1
  expect(await ask()).toEqual(well)
  expect(asked).toBe(1)
  isWell = false
  now += 1
  expect(await answerAll([ask(), ask()])).toEqual(
    Array(2).fill({ status: 'unavailable', checks: { redis: 'unavailable' } }),
  )
  expect(asked).toBe(2)
  finish = []
  await app.close()
})
