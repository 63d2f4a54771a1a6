import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startGateway } from '../gateway.ts'
import { runHere } from '../run-here.ts'

let gateway: Awaited<ReturnType<typeof startGateway>> | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

/** Runs the CLI against a gateway that answers one field. */
async function run(field: string, data: unknown, ...args: string[]) {
  await gateway?.stop()
  gateway = await startGateway({ [field]: { data } })
  const env = { EMAILAUTH_URL: gateway.url, EMAILAUTH_API_KEY: 'ea_key' }
  const ran = await runHere(args, { env })
  return { ...ran, variables: gateway.calls[0]?.variables }
}
const ended = { hasNextPage: false, endCursor: null }

test('messages: counts, or those in a state; a table for people, whole objects for programs', async () => {
  const counts = [
    { state: 'SENT', count: 12 },
    { state: 'REJECTED', count: 1 },
  ]
  const result = await run('messageCounts', counts, 'messages', '--tenant', 'demo')
  expect([result.exitCode, result.variables]).toEqual([0, { tenantId: 'demo' }])
  expect(result.stdout).toMatch(/^STATE +WITHIN A DAY\nsent +12\nrejected +1\n$/)

  const node = {
    messageId: 'm',
    identityId: 'demo.x',
    state: 'DEFERRED',
    attempts: 2,
    updatedAt: new Date().toISOString(),
    nextAttemptAt: null,
    relay: 'smtp.example.net:587',
    reply: '451 \u001b[31mlater',
    providerId: null,
  }
  const page = { nodes: [node], pageInfo: ended }
  const args = ['messages', '--tenant', 'demo', '--state', 'deferred', '--first', '9']
  const listed = await run('messages', page, ...args)
  expect(listed.variables).toEqual({ tenantId: 'demo', state: 'DEFERRED', first: 9 })
  expect(listed.stdout).toMatch(/just now +2 +smtp\.example\.net:587 +451 .*later +- +demo\.x/)
  expect(listed.stdout).not.toContain('\u001b[31m')
  expect(JSON.parse((await run('messages', page, ...args, '--json')).stdout)).toEqual(page)
  const all = await run('messages', page, 'messages', '--state', 'deferred', '--reason', 'mailbox-full')
  expect(all.variables).toEqual({ state: 'DEFERRED', reason: 'MAILBOX_FULL', first: 50 })
  const more = { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'c' } }
  expect((await run('messages', more, 'messages', '--state', 'sent')).stderr).toContain('There are more')
  expect((await run('messages', page, 'messages', '--tenant', 'demo', '--reason', 'blocked')).exitCode).toBe(
    64,
  )
  expect((await run('messages', page, 'messages')).exitCode).toBe(64)
  const sent = { ...node, state: 'SENT', reply: '250 Ok: queued as 4Tq', providerId: '4Tq' }
  expect((await run('messages', { nodes: [sent], pageInfo: ended }, ...args)).stdout).toMatch(
    /4Tq +4Tq +demo/,
  )
})

test('suppressions: the list, and an address that is taken off it', async () => {
  const node = { email: 'ada@example.com', reason: '550 gone', suppressedAt: new Date().toISOString() }
  const page = { nodes: [node], pageInfo: { hasNextPage: true, endCursor: 'c' } }
  const listed = await run('suppressions', page, 'suppressions', 'list', '--tenant', 'demo')
  expect(listed.stdout).toMatch(/^EMAIL +SINCE +REASON\nada@example\.com +just now +550 gone\n$/)
  expect(listed.stderr).toContain('--first')
  const cleared = await run(
    'clearSuppression',
    true,
    'suppressions',
    'clear',
    'a@b',
    '--tenant',
    'x',
    '--json',
  )
  expect(JSON.parse(cleared.stdout)).toEqual({ tenantId: 'x', email: 'a@b', cleared: true })
  expect(cleared.variables).toEqual({ tenantId: 'x', email: 'a@b' })
})

test('suppressions add: counts, what is refused, and exit code 1 for it', async () => {
  const args = ['suppressions', 'add', 'a@example.com', 'no', '--tenant', 'x', '--reason', 'asked']
  const refused = [{ index: 1, message: 'This is no email address.' }]
  const ran = await run('addSuppressions', { added: 1, known: 0, refused }, ...args)
  expect(ran.variables).toEqual({
    tenantId: 'x',
    addresses: ['a@example.com', 'no'].map((email) => ({ email, reason: 'asked' })),
  })
  expect([ran.exitCode, ran.stdout]).toEqual([1, ''])
  expect(ran.stderr).toBe('no: This is no email address.\n1 added, 0 there already, 1 refused.\n')
  const good = await run('addSuppressions', { added: 2, known: 0, refused: [] }, ...args, '--json')
  expect([good.exitCode, JSON.parse(good.stdout)]).toEqual([
    0,
    { tenantId: 'x', added: 2, known: 0, refused: [] },
  ])
})

test('suppressions export: CSV for spreadsheets without formulas, objects for programs', async () => {
  const nodes = [
    { email: 'a@example.com', reason: '550 "gone",\nfor good', suppressedAt: '2026-01-02T03:04:05.000Z' },
    { email: '=b@example.com', reason: '=1+1;-2', suppressedAt: '2026-01-02T03:04:05.000Z' },
  ]
  const page = { nodes, pageInfo: ended }
  const args = ['suppressions', 'export', '--tenant', 'demo']
  const listed = await run('suppressions', page, ...args)
  expect(listed.variables).toEqual({ tenantId: 'demo', first: 200 })
  expect(listed.stdout).toBe(
    'email,reason,suppressedAt\n' +
      'a@example.com,"550 ""gone"",\ufffdfor good",2026-01-02T03:04:05.000Z\n' +
      "'=b@example.com,\"'=1+1;'-2\",2026-01-02T03:04:05.000Z\n",
  )
  const objects = (await run('suppressions', page, ...args, '--json')).stdout.trim().split('\n')
  expect(objects.map((line) => JSON.parse(line))).toEqual(nodes)
  // A gateway whose cursor does not move is left alone.
  const stuck = { nodes: [], pageInfo: { hasNextPage: true, endCursor: 'c' } }
  expect((await run('suppressions', stuck, ...args)).exitCode).toBe(0)
})

test('suppressions import: from a file, each fault with its line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-list-'))
  const file = join(folder, 'list.csv')
  await writeFile(file, 'email,reason\na@example.com,gone\n,none\nb@example.com,\n')
  const reply = { added: 1, known: 0, refused: [{ index: 1, message: 'This is no email address.' }] }
  const args = ['suppressions', 'import', file, '--tenant', 'demo']
  const ran = await run('addSuppressions', reply, ...args)
  expect(ran.variables).toEqual({
    tenantId: 'demo',
    addresses: [{ email: 'a@example.com', reason: 'gone' }, { email: 'b@example.com' }],
  })
  expect(ran.exitCode).toBe(1)
  expect(ran.stderr).toBe(
    'line 3: it has no address\nline 4: This is no email address.\n1 added, 0 there already, 2 refused.\n',
  )
  await writeFile(file, 'no list at all'.repeat(5000))
  expect((await run('addSuppressions', reply, ...args)).stderr).toContain('line 1: it is too long')
  await writeFile(file, ',why\n'.repeat(2000))
  const stopped = await run('addSuppressions', reply, ...args)
  expect([stopped.exitCode, stopped.stderr]).toEqual([1, expect.stringContaining('the rest was not read')])
  expect((await run('addSuppressions', reply, ...args.with(2, join(folder, 'none')))).stderr).toContain(
    'none',
  )
  await rm(folder, { recursive: true })
})

test.each([
  [['messages']],
  [['messages', '--tenant', 'x', '--state', 'lost']],
  [['suppressions', 'list']],
  [['suppressions', 'clear', 'a@b']],
  [['suppressions', 'add', 'a@b']],
  [['suppressions', 'add', '--tenant', 'x']],
  [['suppressions', 'import', '-']],
  [['suppressions', 'export']],
])('%j is a mistake in the call', async (args) => {
  expect((await run('none', null, ...args)).exitCode).toBe(64)
})

test('tenants update sends mail settings alone, and an empty value as null', async () => {
  const tenant = { id: 'shop', settings: { risk: { arithmetic: '1 / 2' } } }
  const { variables, exitCode } = await run(
    'updateTenant',
    tenant,
    ...['tenants', 'update', 'shop', '--mail-reply-to', 'help@shop.example', '--mail-colour', ''],
  )
  expect(variables).toEqual({
    input: { id: 'shop', settings: { mail: { replyTo: 'help@shop.example', colour: null } } },
  })
  expect(exitCode).toBe(0)
})

test('tenants update states a risk, and shows what comes of it as a sum', async () => {
  const arithmetic = '5 tries / 10^6 = 5.0e-6 for an identity; accepted: 5.0e-6'
  const tenant = { id: 'shop', settings: { risk: { chance: 5e-6, per: 'IDENTITY', digits: 6, arithmetic } } }
  const args = ['tenants', 'update', 'shop', '--verification', 'bound', '--bound-digits', '6']
  const ran = await run('updateTenant', tenant, ...args, '--bound-tries', '5', '--accepted-risk', '5e-6')
  expect(ran).toMatchObject({ exitCode: 0, stdout: 'shop\n', stderr: expect.stringContaining(arithmetic) })
  expect(ran.variables).toEqual({
    input: {
      id: 'shop',
      settings: { verification: 'BOUND', boundDigits: 6, boundTries: 5, acceptedRisk: 5e-6 },
    },
  })
  for (const wrong of ['1e-4', '0', '-1e-6', 'much', ''])
    expect((await run('updateTenant', tenant, ...args, '--accepted-risk', wrong)).exitCode, wrong).toBe(64)
})
