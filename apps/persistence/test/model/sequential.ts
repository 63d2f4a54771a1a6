import { randomUUID } from 'node:crypto'
import type { Tenant } from '@emailauth/contracts/tenants'
import { altered } from '@emailauth/testing/altered'
import { eventually } from '@emailauth/testing/eventually'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Store } from '../../src/open-store.ts'
import { outcome, type Registered, register, verify } from '../calls.ts'

/** The model: the live identity of each address, and all identities that ever existed. */
export interface Model {
  readonly live: Map<string, Registered>
  readonly all: Registered[]
}

export interface Real {
  readonly store: Store
  readonly tenant: Tenant
}

type Command = fc.AsyncCommand<Model, Real>

const EMAILS = ['ada@example.com', 'bob@example.com', 'Eve+tag@example.com']
const token = (email: string, at: number) => `token ${at} of ${email}`
const isLive = ({ live }: Model, made: Registered) => live.get(made.email) === made
/** Picks one of all identities that ever existed, also ended ones. */
const someone = ({ all }: Model, pick: number) => all.at(pick % all.length) as Registered
const anyone = ({ all }: Readonly<Model>) => all.length > 0

/** A command on one of the identities. `run` sees the model before it. */
function about(
  name: string,
  pick: number,
  run: (model: Model, real: Real, made: Registered) => Promise<void>,
): Command {
  return {
    check: anyone,
    run: (model, real) => run(model, real, someone(model, pick)),
    toString: () => `${name}(${pick})`,
  }
}

async function registerOne(model: Model, { store, tenant }: Real, email: string, life: object = {}) {
  const before = model.live.get(email)
  const made = await register(store, tenant, { email, token: token(email, model.all.length), ...life })
  expect([made.replaced, made.replacedIdentityId]).toEqual([before !== undefined, before?.identityId ?? null])
  expect(model.all.map(({ number }) => number)).not.toContain(made.number)
  model.all.push(made)
  return made
}

const registering = fc.constantFrom(...EMAILS).map(
  (email): Command => ({
    check: () => true,
    async run(model, real) {
      model.live.set(email, await registerOne(model, real, email))
    },
    toString: () => `register(${email})`,
  }),
)

const expiring = fc.constantFrom(...EMAILS).map(
  (email): Command => ({
    check: () => true,
    async run(model, real) {
      const made = await registerOne(model, real, email, { expiresInSeconds: 0.005 })
      model.live.delete(email)
      await eventually(async () => expect(await real.store.identities.byId(made.identityId)).toBeUndefined())
    },
    toString: () => `expire(${email})`,
  }),
)

/** The ways to call verify, and whether the identityId or email beside the number is the right one. */
const BESIDE = {
  alone: () => ({ fits: true, request: {} }),
  byId: ({ identityId }: Registered) => ({ fits: true, request: { identityId } }),
  byEmail: ({ email }: Registered) => ({ fits: true, request: { email: email.toUpperCase() } }),
  otherEmail: () => ({ fits: false, request: { email: 'nobody@example.com' } }),
  otherId: ({ identityId }: Registered) => ({ fits: false, request: { identityId: altered(identityId) } }),
}

const verifying = fc
  .tuple(fc.nat(), fc.constantFrom(...(Object.keys(BESIDE) as (keyof typeof BESIDE)[])))
  .map(([pick, beside]) =>
    about(`verify ${beside}`, pick, async (model, { store, tenant }, made) => {
      const { fits, request } = BESIDE[beside](made)
      const answer = await verify(store, tenant, made.number, request)
      if (!(isLive(model, made) && fits)) {
        expect(answer).toMatchObject({ problem: { code: 'wrong-credentials' } })
        return
      }
      const { identityId, email } = made
      expect(answer).toMatchObject({
        verification: { identityId, email, token: token(email, model.all.indexOf(made)) },
      })
      model.live.delete(made.email)
    }),
  )

const guessing = fc.stringMatching(/^[0-9]{12,16}$/).map(
  (guess): Command => ({
    check: ({ all }) => !all.some(({ number }) => number === guess),
    async run(_model, { store, tenant }) {
      expect(await outcome(verify(store, tenant, guess))).toBe('wrong-credentials')
    },
    toString: () => `guess(${guess})`,
  }),
)

const removing = fc
  .tuple(fc.nat(), fc.constantFrom('revoke' as const, 'refuse' as const))
  .map(([pick, act]) =>
    about(act, pick, async (model, { store }, made) => {
      expect(await store.identities[act](made.identityId)).toBe(isLive(model, made))
      if (isLive(model, made)) model.live.delete(made.email)
    }),
  )

const resending = fc.nat().map((pick) =>
  about('resend', pick, async (model, { store, tenant }, { identityId, number }) => {
    const answer = await store.resend(tenant, { tenantId: tenant.id, requestId: randomUUID(), identityId })
    const expected = isLive(model, someone(model, pick))
      ? { registration: { number } }
      : { problem: { code: 'identity-not-found' } }
    expect(answer).toMatchObject(expected)
  }),
)

const listing = fc.constant<Command>({
  check: () => true,
  async run({ live }, { store, tenant }) {
    const page = await store.identities.list({ tenantIds: [tenant.id], first: 200 })
    const expected = [...live.values()].map(({ identityId }) => identityId)
    expect(page.items.map(({ identity }) => identity.id).sort()).toEqual(expected.sort())
  },
  toString: () => 'list()',
})

export const commands = fc.commands(
  [
    registering,
    registering,
    verifying,
    verifying,
    verifying,
    removing,
    resending,
    guessing,
    listing,
    expiring,
  ],
  { maxCommands: 30 },
)
