import type { LookupAddress } from 'node:dns'
import { startDns, type TestDns } from '@emailauth/testing/dns'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NAME_LIMITS, resolveLocalName, resolveName, TURN_MS } from '../../src/network/resolve-name.ts'

const MANY = Array.from({ length: 12 }, (_, at) => `93.184.216.${at + 1}`)
let dns: TestDns
beforeAll(async () => {
  dns = await startDns({
    'hooks.example': { A: ['93.184.216.34', '93.184.216.35'] },
    'many.example': { A: MANY },
    'empty.example': {},
    'broken.example': { fails: true },
    'silent.example': { isSilent: true },
  })
})
afterAll(async () => dns?.stop())

const resolve = (name: string, limits = NAME_LIMITS) =>
  new Promise<LookupAddress[] | string | undefined>((done) =>
    resolveName([dns.server], limits)(name, { all: true }, (error, found) =>
      done(error === null ? (found as LookupAddress[]) : error.code),
    ),
  )

test('all addresses of a name', async () => {
  expect(await resolve('hooks.example')).toEqual([
    { address: '93.184.216.34', family: 4 },
    { address: '93.184.216.35', family: 4 },
  ])
})

test('of a name with many addresses, eight of a family are used', async () => {
  const found = await resolve('many.example')
  expect(found).toHaveLength(8)
  for (const { address } of found as LookupAddress[]) expect(MANY).toContain(address)
})

test('localhost is the machine itself, and no server is asked', async () => {
  const loopback = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  for (const name of ['localhost', 'LocalHost.', 'mail.localhost'])
    expect(await resolve(name)).toEqual(loopback)
  expect(dns.asked.filter((question) => /localhost/i.test(question))).toEqual([])
  expect(await resolve('notlocalhost')).toBe('ENOTFOUND')
})

test('a name without addresses is another fault than servers that do not know', async () => {
  expect(await resolve('nobody.example')).toBe('ENOTFOUND')
  expect(await resolve('empty.example')).toBe('ENOTFOUND')
  expect(await resolve('broken.example')).toBe('EAI_AGAIN')
})

test('a server that is silent is asked twice, with 2 s for its first answer', async () => {
  expect(NAME_LIMITS).toEqual({ timeout: 2000, tries: 2 })
  expect(await resolve('silent.example', { ...NAME_LIMITS, timeout: 20 })).toBe('EAI_AGAIN')
  expect(dns.asked.filter((question) => question === 'A silent.example')).toHaveLength(2)
})

const resolveLocal = (name: string, ask: (name: string) => Promise<LookupAddress[]>, limits = NAME_LIMITS) =>
  new Promise<LookupAddress[] | string | undefined>((done) =>
    resolveLocalName(resolveName([dns.server], limits), ask)(name, { all: true }, (error, found) =>
      done(error === null ? (found as LookupAddress[]) : error.code),
    ),
  )

test('a name that DNS does not have may be in the hosts file; one that DNS has, or whose server is silent, costs no thread', async () => {
  const asked: string[] = []
  const ask = async (name: string) => {
    asked.push(name)
    if (name !== 'receiver') throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' })
    return [{ address: '10.0.0.7', family: 4 }]
  }
  expect(await resolveLocal('hooks.example', ask)).toHaveLength(2)
  expect(await resolveLocal('silent.example', ask, { ...NAME_LIMITS, timeout: 20 })).toBe('EAI_AGAIN')
  expect(asked).toEqual([])
  expect(await resolveLocal('receiver', ask)).toEqual([{ address: '10.0.0.7', family: 4 }])
  expect(await resolveLocal('nobody.example', ask)).toBe('ENOTFOUND')
  const many = MANY.map((address) => ({ address, family: 4 }))
  const six = { address: 'fd00::1', family: 6 }
  expect(await resolveLocal('crowd', async () => [...many, six])).toEqual([...many.slice(0, 8), six])
  // Servers that fail may not know what the hosts file does.
  asked.length = 0
  expect(await resolveLocal('broken.example', ask)).toBe('ENOTFOUND')
  expect(asked).toEqual(['broken.example'])
})

test('without a name server the hosts file counts', async () => {
  const none = resolveName(['127.0.0.1:1'], { ...NAME_LIMITS, timeout: 20 })
  const lookup = resolveLocalName(none, async () => [{ address: '10.0.0.7', family: 4 }])
  const found = await new Promise((done) =>
    lookup('receiver', { all: true }, (_, addresses) => done(addresses)),
  )
  expect(found).toEqual([{ address: '10.0.0.7', family: 4 }])
})

/** The system's look-up, which answers the last question when the test says so. */
function aSlowSystem() {
  const asked: string[] = []
  let reply = (_: LookupAddress[]) => {}
  const ask = (name: string) => {
    asked.push(name)
    return new Promise<LookupAddress[]>((resolve) => {
      reply = resolve
    })
  }
  return { asked, ask, answer: (found: LookupAddress[]) => reply(found) }
}

test('who waits 3 s for another name is told to try again, and the system is not asked', async () => {
  expect(TURN_MS).toBe(3000)
  const { asked, ask, answer } = aSlowSystem()
  const slow = [resolveLocal('slow', ask), resolveLocal('slow', ask)]
  await eventually(() => expect(asked).toEqual(['slow']))
  expect(await resolveLocal('behind', ask)).toBe('EAI_AGAIN')
  answer([])
  expect(await Promise.all(slow)).toEqual([[], []])
  const next = resolveLocal('next', ask)
  await eventually(() => expect(asked).toEqual(['slow', 'next']))
  answer([])
  expect(await next).toEqual([])
})

test('the system is asked for one name at a time', async () => {
  const { asked, ask, answer } = aSlowSystem()
  const both = [resolveLocal('one', ask), resolveLocal('two', ask)]
  for (const count of [1, 2]) {
    await eventually(() => expect(asked).toHaveLength(count))
    // A name that is not in turn would be asked for by now.
    await resolve('nobody.example')
    expect(asked).toHaveLength(count)
    answer([])
  }
  expect(await Promise.all(both)).toEqual([[], []])
})
