import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { beforeEach, expect, test } from 'vitest'
import { createKnownNames, type FindAddresses, KNOWN_NAMES } from './known-names.ts'

const HERE = [{ address: '127.0.0.1', family: 4 }]
const MOVED = [{ address: '127.0.0.2', family: 4 }]
const failsWith = (code: string) => async () => {
  throw Object.assign(new Error(code), { code })
}
const isSilent = () => new Promise<never>(() => {})

let ask: FindAddresses
let clock: number
let asked: number
let names: ReturnType<typeof createKnownNames>
beforeEach(() => {
  ask = async () => HERE
  clock = 0
  asked = 0
  names = createKnownNames({
    ask: (name) => {
      asked += 1
      return ask(name)
    },
    now: () => clock,
    slowMs: 5,
    connectMs: 120,
  })
})

test('a name is asked for each time, so that a server that has moved is found', async () => {
  expect(await names.find('redis.internal')).toBe(HERE)
  ask = async () => MOVED
  expect(await names.find('redis.internal')).toBe(MOVED)
})

test('while name servers fail or are silent, a name has the addresses that it had', async () => {
  await names.find('redis.internal')
  for (const fault of [failsWith('EAI_AGAIN'), failsWith('EAI_FAIL'), isSilent]) {
    ask = fault
    expect(await names.find('redis.internal')).toBe(HERE)
  }
})

test('a name that was never found fails as its look-up does', async () => {
  ask = failsWith('EAI_AGAIN')
  await expect(names.find('redis.internal')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
})

test('a name that does not exist any more has no address, also when name servers fail after that', async () => {
  await names.find('redis.internal')
  ask = failsWith('ENOTFOUND')
  await expect(names.find('redis.internal')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  ask = failsWith('EAI_AGAIN')
  await expect(names.find('redis.internal')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
})

test('former addresses count for a day', async () => {
  expect(KNOWN_NAMES).toEqual({ slowMs: 300, connectMs: 1000, beforeMs: 100, keptMs: 86_400_000 })
  await names.find('redis.internal')
  ask = failsWith('EAI_AGAIN')
  clock = KNOWN_NAMES.keptMs - 1
  expect(await names.find('redis.internal')).toBe(HERE)
  clock = KNOWN_NAMES.keptMs
  await expect(names.find('redis.internal')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
})

test('a silent name server is asked once at a time for a name, and its late answer counts', async () => {
  await names.find('redis.internal')
  let answer = (_: LookupAddress[]) => {}
  ask = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  for (let i = 0; i < 3; i++) expect(await names.find('redis.internal')).toBe(HERE)
  expect(asked).toBe(2)
  answer(MOVED)
  await eventually(async () => {
    ask = failsWith('EAI_AGAIN')
    expect(await names.find('redis.internal')).toBe(MOVED)
  })
})

test('a connection says that name servers are silent, and the next one gets their late answer', async () => {
  let answer = (_: LookupAddress[]) => {}
  ask = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const lookUp = () =>
    new Promise((resolve) => names.lookup('redis.internal', { all: true }, (...given) => resolve(given)))
  expect(await lookUp()).toMatchObject([
    { code: 'EAI_AGAIN', message: 'the name servers do not answer for redis.internal' },
    '',
    0,
  ])
  const next = lookUp()
  answer(HERE)
  expect(await next).toEqual([null, HERE])
  expect(asked).toBe(1)
})

test('a connection finds its server without a name server', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens by TCP.
  const { port } = server.address() as AddressInfo
  await names.find('redis.internal')
  ask = failsWith('EAI_AGAIN')
  for (const autoSelectFamily of [true, false]) {
    const socket = connect({ host: 'redis.internal', port, lookup: names.lookup, autoSelectFamily })
    await once(socket, 'connect')
    socket.destroy()
  }
  const other = connect({ host: 'redis.internal', port, lookup: names.lookup, family: 6 })
  expect((await once(other, 'error'))[0]).toMatchObject({ code: 'ENOTFOUND' })
  server.close()
})
