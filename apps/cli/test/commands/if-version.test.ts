import { expect, test } from 'vitest'
import { cliWith } from '../cli-with.ts'

const ID = 'demo.wh_7k2m9q4t1x0c5v8b'
const fault = { code: 'BAD_USER_INPUT', field: 'ifVersion', currentVersion: 7 }
const at = '2026-11-30T10:42:03.000Z'
const entry = (target: string, field: string, version: number) => ({
  at,
  target,
  actor: { id: 'ada@example.com' },
  changes: [
    { field: 'settings.ttlSeconds', before: '600', after: '\u001b900' },
    { field, before: String(version - 1), after: String(version) },
  ],
})

test.each([
  [['tenants', 'update', 'demo', '--ttl', '300'], 'updateTenant', 'demo', 'settings.version'],
  [['webhooks', 'update', ID, '--description', 'x'], 'updateWebhookEndpoint', ID, 'version'],
])('%j of an older version: who changed what since then, and when', async (args, field, target, version) => {
  const nodes = [entry(target, version, 7), entry('another', version, 7), entry(target, version, 6)]
  const { run, calls } = await cliWith({ [field]: { fault }, events: { data: { nodes } } })
  const said = await run([...args, '--if-version', '6'])
  expect(said.exitCode).toBe(1)
  expect(calls[0]?.variables.input).toMatchObject({ ifVersion: 6 })
  expect(calls[1]?.variables).toEqual({ tenantId: 'demo' })
  // Version 6 is the one that the change was made from.
  expect(said.stderr.match(/2026-11-30 10:42:03 {2}ada@example.com {2}/g)).toHaveLength(1)
  expect(said.stderr).toContain('settings.ttlSeconds: 600 → \u{fffd}900')
  expect(said.stderr).toContain('Refused.')
  const json = await run([...args, '--if-version', '6', '--json'])
  expect(JSON.parse(json.stderr).error).toMatchObject({ code: 'BAD_USER_INPUT', currentVersion: 7 })
})

test('a key that may not read the audit log hears what failed all the same', async () => {
  const { run } = await cliWith({
    updateWebhookEndpoint: { fault },
    events: { fault: { code: 'FORBIDDEN' } },
  })
  const said = await run(['webhooks', 'update', ID, '--enable', '--if-version', '6'])
  expect(said).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Refused.') })
})

test('a version alone changes nothing, and must be one', async () => {
  const { run } = await cliWith({})
  expect(await run(['tenants', 'update', 'demo', '--if-version', '6'])).toMatchObject({ exitCode: 64 })
  expect(await run(['webhooks', 'update', ID, '--enable', '--if-version', '0'])).toMatchObject({
    exitCode: 64,
  })
})
