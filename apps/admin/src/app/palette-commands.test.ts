import { expect, test, vi } from 'vitest'
import { type Command, findCommands, findTenants, identityCommands } from './palette-commands.ts'

const t = ((key: string) => key) as never
const command = (label: string, hint?: string): Command => ({
  key: label,
  label,
  ...(hint !== undefined && { hint }),
  run: () => {},
})

test('finds commands by parts of their words, in any order and case', () => {
  const all = [command('Shop', 'shop-eu'), command('Identities'), command('Sign out')]
  expect(findCommands(all, 'EU sho').map(({ label }) => label)).toEqual(['Shop'])
  expect(findCommands(all, '').length).toBe(3)
  expect(findCommands(all, 'nothing')).toEqual([])
})

test('six tenants are listed, and none before something is typed', () => {
  const tenants = Array.from({ length: 20 }, (_, at) => command(`Shop ${at}`))
  expect(findTenants(tenants, 'shop')).toEqual(tenants.slice(0, 6))
  expect(findTenants(tenants, ' ')).toEqual([])
})

test('an address, a domain and ids lead to the identity, other text to none', () => {
  const navigate = vi.fn()
  identityCommands(' josé+a@exämple.org ', t, navigate)[0]?.run()
  expect(navigate).toHaveBeenLastCalledWith('/identities?email=jos%C3%A9%2Ba%40ex%C3%A4mple.org')
  identityCommands('demo.AGhV3kq1x0oJ2mN7bQd5t1', t, navigate)[0]?.run()
  expect(navigate).toHaveBeenLastCalledWith('/identities?open=demo.AGhV3kq1x0oJ2mN7bQd5t1')
  identityCommands('@bücher.example', t, navigate)[0]?.run()
  expect(navigate).toHaveBeenLastCalledWith('/identities?domain=b%C3%BCcher.example')
  identityCommands('017f22e2-79b0-7cc3-98c4-dc0c0c07398f', t, navigate)[0]?.run()
  expect(navigate).toHaveBeenLastCalledWith('/identities?request=017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  for (const other of ['', 'ada', '@', 'a.bc', 'demo.x'])
    expect(identityCommands(other, t, navigate)).toEqual([])
})
