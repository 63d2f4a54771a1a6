import 'reflect-metadata'
import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { expect, test } from 'vitest'
import type { AddSuppressionsContext } from './message.context.ts'
import { SuppressionsResolver } from './suppressions.resolver.ts'

const demo: Tenant = {
  id: 'demo',
  name: 'Demo',
  createdAt: '2026-01-01T00:00:00.000Z',
  status: 'active',
  testMode: false,
  settings: DEFAULT_SETTINGS,
}
const input = { tenantId: 'demo', addresses: [{ email: 'ada@example.com' }] }

/** Adds an address while persistence answers the look-up after it like this. */
async function add(tenant: () => Promise<Tenant | undefined>) {
  const forgotten: string[] = []
  const services: AddSuppressionsContext['services'] = {
    tenants: { find: async () => demo },
    persistence: { recordMailAct: async () => {}, tenant },
    mailer: {
      addSuppressions: async () => ({ added: 1, known: 0, refused: [] }),
      forgetTenant: async (id: string) => void forgotten.push(id),
    },
  }
  const caller = { scope: 'admin', apiKeyId: 'key' } as const
  const answer = new SuppressionsResolver().suppressAddresses(input, { caller, services })
  return { answer: await answer.catch((error: Error) => error), forgotten }
}

test('addresses that were added are answered as added, though persistence does not answer after that', async () => {
  const gone = () => Promise.reject(new ProblemError('unavailable', 'It does not answer.'))
  expect(await add(gone)).toEqual({ answer: { added: 1, known: 0, refused: [] }, forgotten: [] })
})

test('an answer that is no answer is a fault, which is logged', async () => {
  const fault = new ProblemError('internal', 'not the shape of a reply')
  expect(await add(() => Promise.reject(fault))).toEqual({ answer: fault, forgotten: [] })
})

test('addresses of a tenant that is deleted meanwhile are forgotten, and refused', async () => {
  for (const tenant of [undefined, { ...demo, status: 'deleting' } as const]) {
    const { answer, forgotten } = await add(async () => tenant)
    expect(answer).toBeInstanceOf(Error)
    expect(forgotten).toEqual(['demo'])
  }
})
