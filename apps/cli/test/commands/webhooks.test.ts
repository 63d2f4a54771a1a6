import { expect, test } from 'vitest'
import { cliWith } from '../cli-with.ts'

const ID = 'demo.wh_7k2m9q4t1x0c5v8b'
const moment = new Date().toISOString()
const endpoint = {
  id: ID,
  tenantId: 'demo',
  url: 'https://a.example/\u001bhook',
  description: null,
  eventTypes: ['VERIFIED'],
  createdAt: moment,
  updatedAt: moment,
  disabledAt: null,
  disabledReason: null,
  previousSecretUntil: null,
  state: { waiting: 2, failed: 1, failingSince: null, lastSuccessAt: moment },
}
const attempt = {
  eventId: '0199-0-demo.00',
  type: 'VERIFIED',
  at: moment,
  attempt: 2,
  outcome: 'RETRYING',
  status: 500,
  durationMs: 12,
  error: 'It answered 500.',
  nextAttemptAt: moment,
}

test('webhooks list: a table for people, whole objects for programs', async () => {
  const disabled = { ...endpoint, eventTypes: null, disabledReason: 'FAILING' }
  const { run, calls } = await cliWith({ webhookEndpoints: { data: [endpoint, disabled] } })
  const people = await run(['webhooks', 'list'])
  expect(people.stdout).toMatch(/ID +URL +TYPES +STATUS +WAITING +FAILED\n/)
  expect(people.stdout).toMatch(/https:\/\/a\.example\/�hook +1 +ok (?:just now|\d+ \w+ ago) +2 +1\n/)
  expect(people.stdout).toMatch(/ all +disabled \(failing\) /)
  expect(JSON.parse((await run(['webhooks', 'list', '--tenant', 'demo', '--json'])).stdout)).toEqual([
    endpoint,
    disabled,
  ])
  expect(calls.map(({ variables }) => variables)).toEqual([{}, { tenantId: 'demo' }])
})

test('webhooks create and rotate-secret print the secret alone', async () => {
  const { run, calls } = await cliWith({
    createWebhookEndpoint: { data: { endpoint, secret: 'whsec_1' } },
    rotateWebhookSecret: { data: { endpoint, secret: 'whsec_2' } },
  })
  const url = 'https://a.example/hook'
  const created = await run(['webhooks', 'create', url, '--type', 'verified', 'BOUNCED', '--tenant', 'demo'])
  expect(created.stdout).toBe('whsec_1\n')
  expect(created.stderr).toContain(ID)
  expect((await run(['webhooks', 'rotate-secret', ID, '--overlap', '0'])).stdout).toBe('whsec_2\n')
  expect(calls.map(({ variables }) => variables.input)).toEqual([
    { url, tenantId: 'demo', eventTypes: ['VERIFIED', 'BOUNCED'] },
    { id: ID, overlapSeconds: 0 },
  ])
})

test('webhooks update sends what is named alone', async () => {
  const { run, calls } = await cliWith({ updateWebhookEndpoint: { data: { endpoint } } })
  expect((await run(['webhooks', 'update', ID])).exitCode).toBe(64)
  expect((await run(['webhooks', 'update', ID, '--enable', '--disable'])).exitCode).toBe(64)
  await run(['webhooks', 'update', ID, '--to', 'https://b.example', '--all-types', '--description', ''])
  await run(['webhooks', 'update', ID, '--disable'])
  expect(calls.map(({ variables }) => variables.input)).toEqual([
    { id: ID, url: 'https://b.example', description: null, eventTypes: null },
    { id: ID, enabled: false },
  ])
})

test('what is not there ends with 3', async () => {
  const { run } = await cliWith({
    updateWebhookEndpoint: { data: { endpoint: null } },
    deleteWebhookEndpoint: { data: { deleted: false } },
    rotateWebhookSecret: { data: { endpoint: null, secret: null } },
    replayWebhookEvents: { data: { eventIds: null } },
    sendTestEvent: { data: { attempt: null } },
    webhookAttempts: { data: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } },
    webhookEndpoint: { data: null },
  })
  for (const args of [
    ['update', ID, '--enable'],
    ['delete', ID, '--yes'],
    ['rotate-secret', ID],
    ['replay', ID, 'x'],
    ['test', ID],
    ['attempts', ID],
  ])
    expect([args, (await run(['webhooks', ...args])).exitCode]).toEqual([args, 3])
})

test('webhooks attempts, replay and test', async () => {
  const page = { nodes: [attempt], pageInfo: { hasNextPage: true, endCursor: 'c' } }
  const { run, calls } = await cliWith({
    webhookAttempts: { data: page },
    replayWebhookEvents: { data: { eventIds: ['a', 'b'] } },
    sendTestEvent: { data: { attempt } },
  })
  const people = await run(['webhooks', 'attempts', ID, '--first', '1'])
  expect(people.stdout).toMatch(
    /(?:just now|\d+ \w+ ago) +VERIFIED +0199-0-demo\.00 +2 +retrying +500 +12 ms +It answered 500\.\n/,
  )
  expect(people.stderr).toContain('--after c')
  expect((await run(['webhooks', 'replay', ID, 'a', 'b'])).stdout).toBe('a\nb\n')
  const ago = Date.now() - 2 * 3_600_000
  await run(['webhooks', 'replay', ID, '--failed-since', '2h'])
  const input = calls.at(-1)?.variables.input as { failedSince: string } | undefined
  expect(Math.abs(Date.parse(input?.failedSince ?? '') - ago)).toBeLessThan(60_000)
  for (const bad of [[], ['a', '--failed-since', '2h'], ['--failed-since', 'soon']])
    expect((await run(['webhooks', 'replay', ID, ...bad])).exitCode).toBe(64)
  const none = await cliWith({ replayWebhookEvents: { data: { eventIds: [] } } })
  const again = (...args: string[]) => none.run(['webhooks', 'replay', ID, ...args])
  expect(await again('a')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^None of these events/),
  })
  expect(await again('--failed-since', '2h')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^Nothing was given up/),
  })
  const tested = await run(['webhooks', 'test', ID])
  expect([tested.exitCode, tested.stderr]).toEqual([1, 'It answered 500.\n'])
})
