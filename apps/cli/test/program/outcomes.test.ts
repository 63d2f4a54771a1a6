import { expect, test } from 'vitest'
import { cliWith, problem, REGISTER } from '../cli-with.ts'

test.each([
  [3, 'verify', ['verify', '1'], problem('WrongCredentials')],
  [5, 'verify', ['verify', '1'], problem('RateLimited', { limit: 'CLIENT_IP', retryAfterSeconds: 3 })],
  [1, 'register', [...REGISTER, 't'], problem('EmailRejected')],
  [5, 'register', [...REGISTER, 't'], problem('RateLimited', { limit: 'EMAIL', retryAfterSeconds: 3 })],
  [3, 'resend', ['resend', 'demo.x'], problem('IdentityNotFound')],
  [3, 'revokeIdentity', ['revoke', 'demo.x', '--yes'], { data: false }],
  [0, 'revokeIdentity', ['revoke', 'demo.x', '--yes'], { data: true }],
  [3, 'revokeApiKey', ['keys', 'revoke', 'k', '--yes'], { data: false }],
  [3, 'rotateApiKey', ['keys', 'rotate', 'k'], { data: null }],
  [3, 'updateTenant', ['tenants', 'update', 'x', '--ttl', '90'], { data: null }],
  [3, 'disableTenant', ['tenants', 'disable', 'x'], { data: null }],
  [3, 'enableTenant', ['tenants', 'enable', 'x'], { data: null }],
  [3, 'deleteTenant', ['tenants', 'delete', 'x', '--yes'], { data: false }],
  [0, 'deleteTenant', ['tenants', 'delete', 'x', '--yes'], { data: true }],
  [3, 'clearSuppression', ['suppressions', 'clear', 'a@b', '--tenant', 'x'], { data: false }],
  [0, 'clearSuppression', ['suppressions', 'clear', 'a@b', '--tenant', 'x'], { data: true }],
  [4, 'suppressions', ['suppressions', 'list', '--tenant', 'x'], { fault: { code: 'FORBIDDEN' } }],
  [4, 'identities', ['identities'], { fault: { code: 'UNAUTHENTICATED' } }],
  [4, 'tenants', ['tenants', 'list'], { fault: { code: 'FORBIDDEN' } }],
  [1, 'createTenant', ['tenants', 'create', 'x'], { fault: { code: 'BAD_USER_INPUT' } }],
  [1, 'tenants', ['tenants', 'list'], { fault: { code: 'INTERNAL_SERVER_ERROR' } }],
  [6, 'tenants', ['tenants', 'list'], { fault: { code: 'SERVICE_UNAVAILABLE' } }],
])('exit code %i of %s (%j)', async (code, field, args, answer) => {
  const { run } = await cliWith({ [field]: answer })
  const { exitCode, stdout, stderr } = await run(args)
  expect([exitCode, stdout]).toEqual([code, ''])
  expect(stderr).not.toBe('')
})

test('with --json an expected outcome is data, a fault is not', async () => {
  const outcome = problem('WrongCredentials')
  const { run } = await cliWith({
    verify: outcome,
    tenants: { fault: { code: 'FORBIDDEN', requestId: 'r' } },
  })
  const wrong = await run(['verify', '1', '--json'])
  expect([wrong.exitCode, JSON.parse(wrong.stdout), wrong.stderr]).toEqual([3, outcome.data, ''])
  const forbidden = await run(['tenants', 'list', '--json'])
  expect(forbidden.stdout).toBe('')
  expect(JSON.parse(forbidden.stderr)).toEqual({
    error: { code: 'FORBIDDEN', message: 'Refused.', requestId: 'r' },
  })
})

test('a stolen admin key is revoked with the keys that it made', async () => {
  const { run, calls } = await cliWith({ revokeApiKey: { data: true } })
  expect((await run(['keys', 'revoke', 'k', '--also-made-by-it', '--yes'])).exitCode).toBe(0)
  expect((await run(['keys', 'revoke', 'k', '--yes'])).exitCode).toBe(0)
  expect(calls.map(({ variables }) => variables)).toEqual([{ id: 'k', alsoMadeByIt: true }, { id: 'k' }])
})

test('where nobody can be asked nothing is destroyed without --yes', async () => {
  const { run, calls } = await cliWith({ revokeIdentity: { data: true }, revokeApiKey: { data: true } })
  for (const args of [
    ['revoke', 'demo.x'],
    ['keys', 'revoke', 'k'],
    ['tenants', 'delete', 'x'],
    ['revoke', 'demo.x', '--no-input'],
  ]) {
    expect((await run(args)).exitCode).toBe(64)
  }
  expect(calls).toEqual([])
})
