import type { LookupAddress } from 'node:dns'
import { startDns, type TestDns } from '@emailauth/testing/dns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NAME_LIMITS, resolveName } from './resolve-name.ts'

let dns: TestDns
beforeAll(async () => {
  dns = await startDns({
    'hooks.example': { A: ['93.184.216.34', '93.184.216.35'] },
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
