import { randomBytes, randomUUID } from 'node:crypto'
import { type ExchangeRequest, RESULT_SECONDS } from '@emailauth/contracts/hosted-page'
import type { Tenant } from '@emailauth/contracts/tenants'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseIdentityId } from '../../src/store/identity-id.ts'
import { keyPrefix } from '../../src/store/keys.ts'
import { digests } from '../../src/store/partition.ts'
import { type Registered, register, verify, WRONG } from '../calls.ts'
import { openTestStore, type TestStore } from '../store.ts'

const newResult = () => randomBytes(32).toString('base64url')

describe.each(['redis-server', 'embedded', 'Cluster'] as const)(
  'results of the hosted page on %s',
  (server) => {
    let it: TestStore
    beforeAll(async () => {
      it = await openTestStore(server)
    })
    afterAll(() => it?.close())

    const exchange = (
      tenant: Tenant,
      request: Pick<ExchangeRequest, 'identityId' | 'result' | 'idempotencyKey'>,
    ) => it.store.exchange(tenant, { tenantId: tenant.id, requestId: randomUUID(), ...request })

    /** Registers, and types the number into the page. */
    async function typed(
      tenant: Tenant,
      email = 'ada@example.com',
    ): Promise<Registered & { result: string }> {
      const made = await register(it.store, tenant, { email, token: `token of ${email}` })
      const result = newResult()
      const { identityId, number } = made
      const call = { tenantId: tenant.id, requestId: randomUUID(), identityId, number, result }
      expect(await it.store.verify(tenant, call)).toHaveProperty('verification')
      return { ...made, result }
    }

    test('a result trades for the token once, and the number is used up', async () => {
      const tenant = it.tenant()
      const { identityId, number, result, createdAt, email } = await typed(tenant)
      expect(await verify(it.store, tenant, number, { identityId })).toEqual(WRONG)
      expect(await it.store.identities.byId(identityId)).toBeUndefined()
      expect(await exchange(tenant, { identityId, result })).toEqual({
        verification: { identityId, email, token: `token of ${email}`, registeredAt: createdAt },
      })
      expect(await exchange(tenant, { identityId, result })).toEqual(WRONG)
    })

    test('of 50 exchanges at once exactly one gets the token', async () => {
      const tenant = it.tenant()
      const { identityId, result } = await typed(tenant)
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => exchange(tenant, { identityId, result })),
      )
      expect(answers.filter((answer) => 'verification' in answer)).toHaveLength(1)
    })

    test('a lost answer can be had again with its idempotency key', async () => {
      const tenant = it.tenant()
      const { identityId, result } = await typed(tenant)
      const call = { identityId, result, idempotencyKey: randomUUID() }
      const first = await exchange(tenant, call)
      expect(first).toHaveProperty('verification')
      expect(await exchange(tenant, call)).toEqual(first)
      const other = await exchange(tenant, { ...call, result: newResult() })
      expect(other).toMatchObject({ problem: { code: 'idempotency-conflict' } })
    })

    test('neither another identity nor another tenant can use it, and its owner still can', async () => {
      const tenant = it.tenant()
      const { identityId, result } = await typed(tenant)
      const other = await typed(tenant, 'eve@example.com')
      expect(await exchange(tenant, { identityId: other.identityId, result })).toEqual(WRONG)
      expect(await exchange(it.tenant(), { identityId, result })).toEqual(WRONG)
      for (const wrong of ['', 'x', newResult(), `${result}x`, result.toLowerCase()]) {
        expect(await exchange(tenant, { identityId, result: wrong })).toEqual(WRONG)
      }
      for (const wrong of ['', 'x', `${tenant.id}.x`]) {
        expect(await exchange(tenant, { identityId: wrong, result })).toEqual(WRONG)
      }
      expect(await exchange(tenant, { identityId, result })).toHaveProperty('verification')
    })

    test('a wrong number leaves no result', async () => {
      const tenant = it.tenant()
      const { identityId, number } = await register(it.store, tenant)
      const result = newResult()
      const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`
      const call = { tenantId: tenant.id, requestId: randomUUID(), identityId, number: wrong, result }
      expect(await it.store.verify(tenant, call)).toEqual(WRONG)
      expect(await exchange(tenant, { identityId, result })).toEqual(WRONG)
    })

    test('it waits under a digest, sealed, for two minutes', async () => {
      const tenant = it.tenant()
      const { identityId, result, number } = await typed(tenant)
      const { context } = it.store
      const { redis } = context
      const partition = parseIdentityId(context, identityId)?.partition ?? 0
      const digest = digests.result(context.ring.keys[0], tenant.id, result)
      const key = Buffer.concat([Buffer.from(`${keyPrefix(tenant.id, partition)}h:`), digest])
      const life = await redis.pttl(key)
      expect(life).toBeGreaterThan((RESULT_SECONDS - 60) * 1000)
      expect(life).toBeLessThanOrEqual(RESULT_SECONDS * 1000)
      const stored = (await redis.getBuffer(key))?.toString('latin1') ?? ''
      for (const secret of ['token of', 'ada@example.com', number, result])
        expect(stored).not.toContain(secret)
    })
  },
)
