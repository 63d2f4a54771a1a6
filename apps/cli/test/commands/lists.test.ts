import { expect, test, vi } from 'vitest'
import { cliWith } from '../cli-with.ts'

test('lists: a table for people, whole objects for programs', async () => {
  const delivery = {
    state: 'QUEUED',
    attempts: 1,
    reason: null,
    relay: 'mx.example:25',
    updatedAt: null,
    nextAttemptAt: null,
  }
  const moment = new Date().toISOString()
  const node = {
    id: 'demo.x',
    tenant: { id: 'demo', name: 'Demo' },
    email: 'a\u001bb@x',
    createdAt: moment,
    expiresAt: moment,
    delivery,
  }
  const page = { nodes: [node], pageInfo: { hasNextPage: true, endCursor: 'c' }, totalCount: 9 }
  const { run, calls } = await cliWith({ identities: { data: page } })
  const people = await run(['identities', '--tenant', 'demo', '--email', 'e@x.example', '--first', '1'])
  expect(people.stdout).toMatch(
    /^EMAIL\s+MAIL\s+RELAY\s+CREATED\s+EXPIRES IN\s+ID\na�b@x\s+queued\s+mx\.example:25\s+just now\s+expired\s+demo\.x\n$/,
  )
  expect(people.stderr).toContain('The newest 1 of 9')
  expect(calls[0]?.variables).toEqual({ first: 1, filter: { email: 'e@x.example', tenantId: 'demo' } })
  expect(JSON.parse((await run(['identities', '--first', '1', '--json'])).stdout)).toEqual(page)
  const searched = await run(['identities', '--domain', 'x.example'])
  expect(calls.at(-1)?.variables).toEqual({ first: 49, after: 'c', filter: { domain: 'x.example' } })
  expect(searched.stderr).toContain('The newest 2; --first shows more, --all shows every one.')
  const all = await run(['identities', '--all', '--json'])
  expect(calls.at(-1)?.variables).toEqual({ first: 200, after: 'c', filter: {} })
  expect(
    all.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([page, page])
})

test('a key is printed alone, and only for whom it was asked', async () => {
  const created = { apiKey: { id: 'k' }, key: 'ea_new' }
  const { run, calls } = await cliWith({ createApiKey: { data: created } })
  expect((await run(['keys', 'create', '--name', 'n', '--tenant', 'shop'])).stdout).toBe('ea_new\n')
  await run(['keys', 'create', '--name', 'n', '--admin'])
  expect(calls.map(({ variables }) => variables.input)).toEqual([
    { scope: 'TENANT', tenantId: 'shop', name: 'n' },
    { scope: 'ADMIN', name: 'n' },
  ])
  vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-01-01T00:00:00Z'))
  await run(['keys', 'create', '--name', 'n', '--admin', '--days', '30'])
  expect(calls.at(-1)?.variables.input).toMatchObject({ expiresAt: '2026-01-31T00:00:00.000Z' })
})

test('keys list says who created each key', async () => {
  const key = {
    id: 'abcdefghijkl',
    name: 'shop',
    scope: 'TENANT',
    tenant: { id: 'shop', name: 'Shop' },
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: { kind: 'ADMIN', id: 'ada@example.com' },
    lastUsedAt: null,
    revokedAt: null,
    expiresAt: null,
  }
  const { run, calls } = await cliWith({ apiKeys: { data: [key, { ...key, id: 'b', createdBy: null }] } })
  const { stdout } = await run(['keys', 'list', '--tenant', 'shop'])
  expect(stdout).toMatch(/\bBY\b/)
  expect(stdout).toMatch(/abcdefghijkl .* ada@example\.com /)
  expect(JSON.parse((await run(['keys', 'list', '--json'])).stdout)[0].createdBy.id).toBe('ada@example.com')
  expect(calls).toHaveLength(2)
})

const EMPTY_PAGE = { nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 }

test.each([
  ['identities', { identities: { data: EMPTY_PAGE } }, 'Nobody holds a number'],
  ['identities --domain x.y', { identities: { data: EMPTY_PAGE } }, 'Nobody at this domain'],
  ['identities --all', { identities: { data: EMPTY_PAGE } }, 'Nobody holds a number'],
  ['events', { events: { data: EMPTY_PAGE } }, 'Nothing happened'],
  ['statistics', { statistics: { data: { buckets: [] } } }, 'Nothing happened'],
  ['messages --state sent', { messages: { data: EMPTY_PAGE } }, 'No mail in this state'],
  ['messages', { messageCounts: { data: [{ state: 'SENT', count: 0 }] } }, 'No mail within a day'],
  ['keys list', { apiKeys: { data: [] } }, 'There is no key'],
  ['webhooks list', { webhookEndpoints: { data: [] } }, 'There is no endpoint'],
  ['suppressions list', { suppressions: { data: EMPTY_PAGE } }, 'No address is on the list'],
])('%s: an empty list of a tenant is not that of a mistyped one', async (line, replies, whenEmpty) => {
  const ofTenant = await cliWith({ ...replies, tenant: { data: { id: 'shop' } } })
  const known = await ofTenant.run([...line.split(' '), '--tenant', 'shop'])
  expect([known.exitCode, known.stderr]).toEqual([0, expect.stringContaining(whenEmpty)])
  const { run, calls } = await cliWith({ ...replies, tenant: { data: null } })
  const wrong = [...line.split(' '), '--tenant', 'shpo']
  const mistyped = await run(wrong)
  expect([mistyped.exitCode, mistyped.stdout]).toEqual([3, ''])
  expect(mistyped.stderr).toContain('There is no such tenant')
  expect(calls.at(-1)).toMatchObject({ field: 'tenant', variables: { id: 'shpo' } })
  const asJson = await run([...wrong, '--json'])
  expect([asJson.exitCode, asJson.stdout]).toEqual([3, ''])
  expect(JSON.parse(asJson.stderr).error.message).toContain('There is no such tenant')
  const unsure = await cliWith({ ...replies, tenant: { fault: { code: 'SERVICE_UNAVAILABLE' } } })
  expect((await unsure.run([...wrong, '--json'])).stdout).toBe('')
})
