import type { MessageResult } from '@emailauth/contracts/messages'
import { toProblem } from '@emailauth/contracts/problems'
import { expect, test } from 'vitest'
import { createFairTurns } from '../services/fair-turns.ts'
import { createRegistrations } from './registrations.ts'

const IDENTITY = 'demo.00000000000000000000000'

/** The refusals reported to persistence when a resend's mail gets this answer. */
async function resendAnswered(result: MessageResult) {
  const refused: string[] = []
  const registrations = createRegistrations({
    persistence: {
      register: async () => expect.unreachable(),
      resend: async () => ({
        registration: {
          identityId: IDENTITY,
          email: 'ada@example.com',
          number: '123456789012',
          locale: null,
          createdAt: '2026-01-01T00:00:00Z',
          expiresAt: '2026-01-01T00:10:00Z',
          replaced: false,
          replacedIdentityId: null,
          messageId: `${IDENTITY}.1`,
        },
      }),
      refuse: async ({ identityId }) => void refused.push(identityId),
      refundMail: async () => expect.unreachable(),
    },
    mailer: { send: async () => result, message: async () => undefined, drop: () => {} },
    tenants: { sender: async () => ({ tenantName: 'Demo' }) },
    deliveries: { report: () => {} },
    turns: createFairTurns(),
    logger: { warn: () => {} },
  })
  const call = { tenantId: 'demo', requestId: 'r', identityId: IDENTITY }
  return { outcome: await registrations.resend(call), refused }
}

test('a refused mail of an identity that has received none ends it', async () => {
  const { outcome, refused } = await resendAnswered({ problem: toProblem('email-rejected', 'No.') })
  expect(outcome).toMatchObject({ __typename: 'EmailRejected' })
  expect(refused).toEqual([IDENTITY])
})

test('a refused mail of an identity whose number was delivered before does not', async () => {
  const message = {
    messageId: `${IDENTITY}.1`,
    identityId: IDENTITY,
    state: 'rejected',
    attempts: 1,
    updatedAt: '2026-01-01T00:01:00Z',
    nextAttemptAt: null,
    reply: '550 5.1.1 no such user',
    providerId: null,
    relay: null,
  } as const
  const { outcome, refused } = await resendAnswered({ message })
  expect(outcome).toMatchObject({
    __typename: 'EmailRejected',
    message: expect.stringContaining('stays valid'),
  })
  expect(refused).toEqual([])
})
