import { expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

test.each([
  [['events', '--type', 'VERIFYED']],
  [['listen', '--forward-to', 'http://localhost:3000', '--type', 'VERIFYED']],
  // What admins do is in no webhook.
  [['webhooks', 'create', 'https://shop.example', '--type', 'TENANT_CREATED']],
  [['webhooks', 'update', 'demo.wh_7k2m9q4t1x0c5v8b', '--type', 'VERIFIED', 'nonsense']],
])('%j is a usage error that names the types', async (args) => {
  const { exitCode, stderr } = await runHere(args)
  expect(exitCode).toBe(64)
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('It must be one of REGISTERED, RESENT, SENT, DEFERRED,')
})

test('a type is understood in upper and lower case', async () => {
  // Without a key no command calls anybody; with a wrong type it would have ended before.
  const { exitCode } = await runHere(['events', '--type', 'verified', 'TENANT_CREATED'])
  expect(exitCode).toBe(4)
})
