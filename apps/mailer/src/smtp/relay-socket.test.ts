import { knownNames } from '@emailauth/service/config/known-names'
import { expect, onTestFinished, test, vi } from 'vitest'
import { once, resolveOf } from './relay-socket.ts'

test('look-ups of one name at a time are one', async () => {
  let asked = 0
  let answer: (addresses: string[]) => void = () => {}
  const resolve = once(() => {
    asked += 1
    return new Promise((resolved) => {
      answer = resolved
    })
  })
  const both = [resolve('a.example'), resolve('a.example')]
  expect(asked).toBe(1)
  answer(['192.0.2.1'])
  expect(await Promise.all(both)).toEqual([['192.0.2.1'], ['192.0.2.1']])
  const later = resolve('a.example')
  expect(asked).toBe(2)
  answer([])
  expect(await later).toEqual([])
})

test("the name of a tenant's own server is resolved without the threads of the system", async () => {
  const ways = {
    byDns: async () => ['192.0.2.1'],
    bySystem: async () => ['192.0.2.2'],
    locally: async () => ['192.0.2.4'],
  }
  const ofTenant = true as const
  expect(await resolveOf({ ofTenant, publicOnly: true }, ways)('a.example')).toEqual(['192.0.2.1'])
  expect(await resolveOf({ ofTenant }, ways)('a.example')).toEqual(['192.0.2.4'])
  expect(await resolveOf({}, ways)('a.example')).toEqual(['192.0.2.2'])
  for (const server of [{ publicOnly: true as const }, { ofTenant }, {}])
    expect(await resolveOf(server, ways)('192.0.2.3')).toEqual(['192.0.2.3'])
})

test('a relay is found while name servers fail, once its name was known', async () => {
  const spy = vi.spyOn(knownNames, 'find').mockResolvedValue([{ address: '192.0.2.4', family: 4 }])
  onTestFinished(() => spy.mockRestore())
  expect(await resolveOf({})('relay.internal')).toEqual(['192.0.2.4'])
})
