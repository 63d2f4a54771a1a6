import { commandsOfRules, documentedCommands } from '@emailauth/testing/rule-commands'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { register, verify } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

let it: TestStore
let opener: Redis
let monitor: Redis
beforeAll(async () => {
  it = await openTestStore('redis-server')
  opener = new Redis(it.url)
  monitor = await opener.monitor()
})
afterAll(async () => {
  monitor?.disconnect()
  opener?.disconnect()
  await it?.close()
})

test('register and verify send Redis the commands that docs/performance/commands.md lists', async () => {
  const tenant = it.tenant()
  const registered = await register(it.store, tenant, { email: 'first@example.com' })
  await verify(it.store, tenant, registered.number)
  await verify(it.store, tenant, registered.number)
  const live = await register(it.store, tenant, { email: 'live@example.com' })
  const { identityId } = live
  const wrong = live.number.replace(/./g, (digit) => String(9 - Number(digit)))
  // The first of each kind in a minute also sets the TTL of its counts. The test's clock stands still.
  await verify(it.store, tenant, wrong, { identityId })
  await register(it.store, tenant, { email: 'live@example.com' })
  const next = await register(it.store, tenant, { email: 'next@example.com' })
  const calls: Record<string, () => Promise<unknown>> = {
    register: () => register(it.store, tenant, { email: 'ada@example.com' }),
    'register that replaces one': () => register(it.store, tenant, { email: 'ada@example.com' }),
    'verify of a wrong number': () =>
      verify(
        it.store,
        tenant,
        next.number.replace(/./g, (digit) => String(9 - Number(digit))),
        {
          identityId: next.identityId,
        },
      ),
    verify: () => verify(it.store, tenant, next.number),
    'verify of an unknown number': () => verify(it.store, tenant, next.number),
  }
  const found: Record<string, string> = {}
  for (const [call, work] of Object.entries(calls)) {
    found[call] = await commandsOfRules(monitor, opener, `ea:{${tenant.id}`, work)
  }
  expect(await documentedCommands('persistence')).toEqual(found)
})
