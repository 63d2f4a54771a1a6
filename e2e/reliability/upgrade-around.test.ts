import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import type { TestService } from '@emailauth/testing/services'
import { startReceiver } from '@emailauth/testing/webhook-receiver'
import { expect, test } from 'vitest'
import { followEvents, watchSessions } from './upgrade-watchers.ts'
import { startSystemOf } from './upgraded-system.ts'
import { freshAddress, numberIn } from './world.ts'

// What else a rolling upgrade and the way back must keep: sessions of the dashboard, live events, webhooks,
// the audit log, and the answers to repeated calls. It needs a built checkout of the other revision
// (docs/operations/upgrades.md).
const PREVIOUS = process.env.EMAILAUTH_PREVIOUS
const KEY_NAME = 'made meanwhile'
/** One for each sign-in, because few mails go to an admin in ten minutes. */
const ADMINS = Array.from({ length: 13 }, (_, i) => `ada-${i}@example.com`)

const REGISTER =
  'mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Registered { delivery identityId } } }'
const VERIFY =
  'mutation ($input: VerifyInput!) { answer: verify(input: $input) { __typename ... on Verified { token } } }'
const CREATE_ENDPOINT =
  'mutation ($input: CreateWebhookEndpointInput!) { answer: createWebhookEndpoint(input: $input) { secret } }'
const CREATE_KEY =
  'mutation ($input: CreateApiKeyInput!) { answer: createApiKey(input: $input) { apiKey { id } } }'
const AUDIT =
  'query ($after: String) { answer: events(first: 200, after: $after, types: [KEY_CREATED, SESSION_CREATED]) { nodes { type target } pageInfo { hasNextPage endCursor } } }'

interface AuditPage {
  readonly nodes: readonly { readonly type: string; readonly target: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}

test.skipIf(PREVIOUS === undefined)(
  'a rolling upgrade and the way back: sessions go on, no event, webhook or entry of the audit log is lost, and a repeated call gets its answer',
  async () => {
    const root = PREVIOUS ?? ''
    const here = new URL('../..', import.meta.url).pathname
    const system = await startSystemOf(root, ADMINS)
    const { ask, smtp, persistences, mailers, gateways } = system
    const receiver = keep(await startReceiver())
    const asTenant = { authorization: `Bearer ${await system.makeTenant('rolled')}` }
    const made = await ask(asTenant, CREATE_ENDPOINT, {
      input: { url: receiver.url, eventTypes: ['REGISTERED', 'VERIFIED'] },
    })
    receiver.secrets.push(String(made.data?.answer.secret))

    const mailedTo = (email: string) =>
      eventually(() => {
        const mails = smtp.mails.filter(({ to }) => to.includes(email))
        expect(mails, `mails to ${email}`).toHaveLength(1)
        return numberIn(mails[0] as (typeof mails)[number])
      }, 60_000)
    /** Events that must come. */
    const wanted: string[] = []
    const register = async (email: string, token: string, idempotencyKey: string) => {
      const { data, errors } = await ask(asTenant, REGISTER, { input: { email, token, idempotencyKey } })
      const id = data?.answer.identityId
      if (typeof id !== 'string') throw new Error(`register: ${JSON.stringify(data ?? errors)}`)
      wanted.push(`REGISTERED ${id}`)
      return id
    }
    const verify = async (number: string, idempotencyKey: string) => {
      const { data, errors } = await ask(asTenant, VERIFY, { input: { number, idempotencyKey } })
      if (!data) throw new Error(`verify: ${JSON.stringify(errors)}`)
      return data.answer.token
    }

    const failures: string[] = []
    let signIns = 0
    let isOver = false
    const callers = [0, 1].map(async () => {
      while (!isOver) {
        try {
          const [email, token] = [freshAddress(), randomUUID()]
          const id = await register(email, token, randomUUID())
          const got = await verify(await mailedTo(email), randomUUID())
          if (got !== token) throw new Error(`verify: ${got}`)
          wanted.push(`VERIFIED ${id}`)
          signIns += 1
        } catch (error) {
          failures.push(String(error))
        }
      }
    })
    const live = followEvents(system, asTenant)
    const admins = watchSessions(system, ADMINS, mailedTo)

    /** Calls that one build answers, and that are repeated when another has taken its place. */
    const repeatable = async () => {
      const [email, other, token, name] = [freshAddress(), freshAddress(), randomUUID(), randomUUID()]
      await register(email, token, randomUUID())
      const otherId = await register(other, token, name)
      const number = await mailedTo(email)
      expect(await verify(number, name)).toBe(token)
      return async () => {
        expect(await register(other, token, name)).toBe(otherId)
        expect(await verify(number, name)).toBe(token)
        await mailedTo(other)
      }
    }
    let keys = 0
    const replaceAll = async (services: readonly TestService[], to: string) => {
      for (const service of services) {
        const repeat = await repeatable()
        await system.replace(service, to)
        await repeat()
        const input = { scope: 'TENANT', tenantId: 'rolled', name: KEY_NAME }
        expect((await ask({ cookie: await admins.signIn() }, CREATE_KEY, { input })).errors).toBeUndefined()
        keys += 1
        const before = signIns
        await eventually(() => expect(signIns).toBeGreaterThan(before), 60_000)
      }
    }
    const first = await admins.signIn()
    await replaceAll([...persistences, ...mailers, ...gateways], here)
    await replaceAll([...gateways, ...mailers, ...persistences], root)
    isOver = true
    await Promise.all([...callers, admins.stop()])

    const posted = () => receiver.received.map(({ body }) => `${body.type} ${body.data.identityId}`)
    for (const come of [() => live.events, posted])
      await eventually(() => {
        const all = new Set(come())
        expect(wanted.filter((event) => !all.has(event))).toEqual([])
      }, 60_000)
    await live.stop()
    expect(new Set(live.events).size).toBe(live.events.length)
    expect(receiver.received.every(({ verified }) => verified.includes(true))).toBe(true)

    const acts: AuditPage['nodes'][number][] = []
    for (let after: string | undefined, more = true; more; ) {
      const { data, errors } = await ask({ cookie: first }, AUDIT, { after })
      if (!data) throw new Error(`audit: ${JSON.stringify(errors)}`)
      const { nodes, pageInfo } = data.answer as unknown as AuditPage
      acts.push(...nodes)
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(acts.filter(({ target }) => target === KEY_NAME)).toHaveLength(keys)
    expect(acts.filter(({ type }) => type === 'SESSION_CREATED')).toHaveLength(admins.sessions.length)
    expect(await system.findings()).not.toContain('audit-altered')
    const postedTwice = posted().length - new Set(posted()).size
    console.log(
      `around an upgrade and back: ${JSON.stringify({
        ...{ restarts: 12, signIns, ...admins.counts(), postedTwice, failed: failures.length },
      })}`,
    )
    expect([...failures, ...admins.failures].join('\n')).toBe('')
  },
  900_000,
)
