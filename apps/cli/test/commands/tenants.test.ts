import { expect, test } from 'vitest'
import { cliWith } from '../cli-with.ts'

test('tenants create makes a test tenant with addresses of its own, and one second is no fault of the CLI', async () => {
  const tenant = { id: 'e2e', testMode: true, settings: { risk: { arithmetic: '1 / 2' } } }
  const { run, calls } = await cliWith({ createTenant: { data: tenant } })
  const args = [
    'tenants',
    'create',
    'e2e',
    '--test',
    '--ttl',
    '1',
    '--test-address',
    '*@a.test',
    'ada@example.com',
  ]
  expect(await run(args)).toMatchObject({ exitCode: 0, stdout: 'e2e\n' })
  const settings = { ttlSeconds: 1, testAddresses: ['*@a.test', 'ada@example.com'] }
  expect(calls[0]?.variables).toEqual({ input: { id: 'e2e', name: 'e2e', testMode: true, settings } })
})
