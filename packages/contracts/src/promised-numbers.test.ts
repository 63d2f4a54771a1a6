import { expect, test } from 'vitest'
import { BODY_LIMITS, BODY_PARTS, MAIL_HOOK_MAX_BYTES, MAX_BODY_BYTES } from './body-limits.ts'
import { EMAIL_MAX_LENGTH, REPLAY_SECONDS, TOKEN_MAX_BYTES, TTL_MIN_SECONDS } from './common.ts'
import { DROPS_MAX, RETRIES_MAX } from './messages.ts'
import { LEAST_LIVE, SHORTEST_ALONE } from './number-policy.ts'
import { OUTCOME_LEASE_SECONDS } from './outcomes.ts'
import { PASSKEY_CHALLENGE_SECONDS, PASSKEYS_PER_ADMIN } from './passkeys.ts'
import { SESSION_IDLE_SECONDS, SESSION_MAX_SECONDS } from './sessions.ts'
import { SIGN_IN_DIGITS, SIGN_IN_SECONDS, SIGN_IN_TRIES } from './sign-ins.ts'
import { STEPS_MAX, WAIT_BOUNDS_SECONDS } from './statistics.ts'
import { SUPPRESSIONS_MAX } from './suppressions.ts'
import { DEFAULT_SETTINGS } from './tenants.ts'
import { TEST_RETRY_AFTER_SECONDS } from './test-mode.ts'
import { REPLAYS_MAX } from './webhook-deliveries.ts'
import { OUTBOX_EVENTS_MAX, OUTBOX_LEASE_SECONDS, WEBHOOKS_PER_TENANT } from './webhooks.ts'

// These limits take effect in a service, whose tests use the constant. The numbers here are the promise.
test.each([
  ['token bytes', TOKEN_MAX_BYTES, 4096],
  ['a repeated call, seconds', REPLAY_SECONDS, 60],
  ['a body between services', MAX_BODY_BYTES, 4_194_304],
  ["a provider's call", MAIL_HOOK_MAX_BYTES, 1_048_576],
  ['a body of GraphQL', BODY_LIMITS.graphql, 65_536],
  ['a registration by REST', BODY_LIMITS.registration, 40_960],
  ['another call by REST', BODY_LIMITS.restCall, 16_384],
  ['a form', BODY_LIMITS.form, 8192],
  ['parts of a body', BODY_PARTS, 500],
  ['characters of an address', EMAIL_MAX_LENGTH, 320],
  ['the shortest life of a number, seconds', TTL_MIN_SECONDS, 60],
  ['replays in a call', REPLAYS_MAX, 1000],
  ['drops in a call', DROPS_MAX, 1024],
  ['retries in a call', RETRIES_MAX, 1000],
  ['suppressions in a call', SUPPRESSIONS_MAX, 500],
  ['live numbers that are assumed', LEAST_LIVE, 900],
  ['digits of NUMBER', SHORTEST_ALONE, 10],
  ['lease of outcomes, seconds', OUTCOME_LEASE_SECONDS, 15],
  ['lease of the outbox, seconds', OUTBOX_LEASE_SECONDS, 15],
  ['events in a lease of the outbox', OUTBOX_EVENTS_MAX, 500],
  ['passkeys of an admin', PASSKEYS_PER_ADMIN, 10],
  ['a challenge, seconds', PASSKEY_CHALLENGE_SECONDS, 300],
  ['a session without use, seconds', SESSION_IDLE_SECONDS, 1800],
  ['a session, seconds', SESSION_MAX_SECONDS, 43_200],
  ['a sign-in, seconds', SIGN_IN_SECONDS, 600],
  ['tries of a sign-in', SIGN_IN_TRIES, 5],
  ['digits of a sign-in', SIGN_IN_DIGITS, 8],
  ['steps of statistics', STEPS_MAX, 400],
  ['classes of waits', WAIT_BOUNDS_SECONDS.length, 10],
  ['a provoked limit, seconds', TEST_RETRY_AFTER_SECONDS, 30],
  ['webhooks of a tenant', WEBHOOKS_PER_TENANT, 20],
])('%s', (_, constant, promised) => {
  expect(constant).toBe(promised)
})

test('the numbers of a tenant that sets none', () => {
  expect(DEFAULT_SETTINGS).toMatchObject({
    ttlSeconds: 600,
    mailsPerAddress: [
      { max: 1, windowSeconds: 30 },
      { max: 5, windowSeconds: 600 },
      { max: 20, windowSeconds: 86_400 },
    ],
    registersPerClientIp: { max: 30, windowSeconds: 600 },
    registersPerTenant: { max: 100_000, windowSeconds: 600 },
    missesPerClientIp: { max: 20, windowSeconds: 600 },
    missBudgetPerHour: 1000,
    boundDigits: 8,
    boundTries: 5,
    acceptedRisk: 1e-6,
  })
})
