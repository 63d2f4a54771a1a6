import { expect, test } from 'vitest'
import { cliWith, problem, REGISTER, registered } from '../cli-with.ts'
import { runCli } from '../run-cli.ts'

const ended = { hasNextPage: false, endCursor: null }
const none = { nodes: [], pageInfo: ended }
const tenant = { id: 'shop', name: 'Shop', disabled: false, test: false, settings: {} }

/**
 * Each command as the built program in a process of its own, which must end by itself with the exit code.
 * Other tests run the same commands in their own process, and look at all that they say.
 */
test.each([
  [64, ['nonsense'], {}],
  [0, ['register', '--help'], {}],
  [0, [...REGISTER, '-'], { register: { data: registered } }],
  [3, ['verify', '1'], { verify: problem('WrongCredentials') }],
  [5, ['resend', 'demo.x'], { resend: problem('RateLimited', { limit: 'EMAIL', retryAfterSeconds: 3 }) }],
  [0, ['revoke', 'demo.x', '--yes'], { revokeIdentity: { data: true } }],
  [6, ['tenants', 'list'], { tenants: { fault: { code: 'SERVICE_UNAVAILABLE' } } }],
  [1, ['tenants', 'create', 'x'], { createTenant: { fault: { code: 'BAD_USER_INPUT' } } }],
  [0, ['tenants', 'update', 'shop', '--mail-colour', ''], { updateTenant: { data: tenant } }],
  [3, ['keys', 'revoke', 'k', '--yes'], { revokeApiKey: { data: false } }],
  [0, ['keys', 'list'], { apiKeys: { data: [] } }],
  [0, ['messages', '--state', 'sent'], { messages: { data: none } }],
  [
    0,
    ['suppressions', 'list', '--tenant', 'shop'],
    { suppressions: { data: none }, tenant: { data: tenant } },
  ],
  [0, ['suppressions', 'export', '--tenant', 'x'], { suppressions: { data: none } }],
  [
    0,
    ['suppressions', 'import', '-', '--tenant', 'x'],
    { addSuppressions: { data: { added: 1, known: 0, refused: [] } } },
  ],
  [0, ['webhooks', 'list'], { webhookEndpoints: { data: [] } }],
  [3, ['webhooks', 'delete', 'w', '--yes'], { deleteWebhookEndpoint: { data: false } }],
  [0, ['trigger', 'registered'], { register: { data: registered } }],
  [0, ['config', 'check'], {}],
] as const)('a process ends with %i: %j', async (code, args, answers) => {
  const { env } = await cliWith(answers)
  const key = args[0] === 'trigger' ? 'ea_test_key' : 'ea_env'
  const { exitCode, stderr } = await runCli(args, {
    env: { ...env, EMAILAUTH_API_KEY: key },
    input: 'ada@example.com\n',
  })
  expect([exitCode, stderr]).toEqual([code, stderr])
  expect(stderr).not.toContain('    at ')
})
