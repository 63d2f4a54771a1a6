import { randomUUID } from 'node:crypto'
import { LostReply } from '@emailauth/rpc/client/transport'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Services, startServices, WAYS } from './services.ts'

// What the gateway gets from the real services is the same by HTTP and in memory.

describe.each(WAYS)('%s', (way) => {
  let services: Services
  beforeAll(async () => {
    services = await startServices(way)
  })
  afterAll(() => services.stop())

  const email = (name: string) => `${name}.${way.replace(' ', '-').toLowerCase()}@example.com`
  const registration = (name: string, more: object = {}) => ({
    tenantId: 'demo',
    requestId: randomUUID(),
    email: email(name),
    token: `token of ${name}`,
    ...more,
  })
  const verification = (number: string) => ({ tenantId: 'demo', requestId: randomUUID(), number })
  const message = (identityId: string, to: string, number: string) => ({
    messageId: randomUUID(),
    identityId,
    tenantId: 'demo',
    tenantName: 'Demo',
    email: to,
    number,
    locale: null,
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  })
  async function registered(name: string) {
    const request = registration(name)
    // On a busy machine the first call may be late for Redis. Then nothing was done, and it is made again.
    const { registration: made } = await eventually(async () => {
      const result = await services.persistence.register(request)
      if ('problem' in result) throw new Error(JSON.stringify(result.problem))
      return result
    })
    if (made.number === null) throw new Error('The identity has no number.')
    return { ...made, number: made.number }
  }

  test('an identity is made, found, verified once, and gone', async () => {
    const { persistence } = services
    const { identityId, number } = await registered('ada')
    expect(await persistence.identity(identityId)).toMatchObject({ id: identityId, email: email('ada') })
    expect(await persistence.verify(verification(number))).toMatchObject({
      verification: { identityId, email: email('ada'), token: 'token of ada' },
    })
    expect(await persistence.verify(verification(number))).toMatchObject({
      problem: { code: 'wrong-credentials' },
    })
    expect(await persistence.identity(identityId)).toBeUndefined()
  })

  test('calls of one batch fail one by one', async () => {
    const { persistence } = services
    const same = registration('twice')
    const results = await Promise.all([
      persistence.register(registration('one')),
      persistence.register(registration('two', { tenantId: 'nobody' })),
      persistence.register(same),
      persistence.register(registration('three')),
    ])
    expect(results).toMatchObject([
      { registration: { identityId: expect.any(String) } },
      { problem: { code: expect.any(String) } },
      { registration: { identityId: expect.any(String) } },
      { registration: { identityId: expect.any(String) } },
    ])
    // A call names itself: made twice, it has the reply of the first.
    expect(await persistence.register(same)).toEqual(results[2])
  })

  test('an invalid request is refused with the name of its field', async () => {
    const { persistence } = services
    const bad = persistence.register(registration('bad', { token: 7 }) as never)
    await expect(bad).rejects.toMatchObject({ problem: { code: 'bad-input', field: 'requests.0.token' } })
    const first = persistence.identities({ first: 0 } as never)
    await expect(first).rejects.toMatchObject({ problem: { code: 'bad-input', field: 'first' } })
  })

  test('mails of one batch are answered one by one, each by what became of it', async () => {
    const { mailer, smtp } = services
    const refused = email('refused')
    smtp.script.rcptTo = (address) =>
      address === refused ? { code: 550, text: '5.1.1 no such user' } : undefined
    const people = await Promise.all(['grace', 'alan', 'edsger'].map(registered))
    const sent = people.map(({ identityId, number }, i) =>
      mailer.send(message(identityId, i === 1 ? refused : email(`mailed${i}`), number), 'r'),
    )
    expect(await Promise.all(sent)).toMatchObject([
      { message: { state: 'sent', attempts: 1 } },
      { problem: { code: 'email-rejected' } },
      { message: { state: 'sent' } },
    ])
    const states = await Promise.all(people.map(({ identityId }) => mailer.message(identityId)))
    expect(states.map((found) => found?.state)).toEqual(['sent', 'rejected', 'sent'])
    delete smtp.script.rcptTo
  })

  test('live events come as they happen, until they are cut off', async () => {
    const { persistence } = services
    const cut = new AbortController()
    const { endCursor } = (await persistence.events({ audit: false, first: 1 })) as { endCursor?: string }
    const events = persistence.liveEvents({ audit: false }, endCursor ?? '', cut.signal)
    const types: string[] = []
    const ended = (async () => {
      for await (const { type, identityId } of events) types.push(`${type} ${identityId}`)
    })()
    const over = expect(ended).rejects.toThrow()
    const { identityId } = await registered('live')
    await eventually(() => expect(types.some((one) => one.endsWith(String(identityId)))).toBe(true))
    cut.abort()
    await over
  })

  test('waiting for outcomes ends when it is called off', async () => {
    const { mailer } = services
    const known = await mailer.leaseOutcomes(100, { waitSeconds: 0, signal: new AbortController().signal })
    if (known.length > 0) await mailer.acknowledgeOutcomes(known)
    const off = new AbortController()
    const waiting = mailer.leaseOutcomes(1, { waitSeconds: 15, signal: off.signal })
    const lost = expect(waiting).rejects.toBeInstanceOf(LostReply)
    off.abort()
    await lost
  })

  /** The code of a call's problem, however the client hands it over. */
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      (value) => (value as { problem?: { code?: string } } | undefined)?.problem?.code,
      (error: { problem?: { code?: string } }) => error.problem?.code,
    )

  test('a store that does not answer: calls end unavailable, and work again after', async () => {
    const { persistence, link } = services
    await registered('before')
    link.set('stalled')
    try {
      expect(await codeOf(persistence.register(registration('during')))).toBe('unavailable')
      await expect(persistence.ready()).rejects.toThrow()
    } finally {
      link.set('none')
      link.cut()
    }
    await eventually(() => registered(`after${randomUUID()}`), 30_000)
  })

  test('a store that is gone: every call is unavailable, and nothing is lost', async () => {
    const { persistence, mailer, link } = services
    const { identityId, number } = await registered('kept')
    link.set('refused')
    link.cut()
    try {
      const codes = await Promise.all(
        [
          persistence.register(registration('lost')),
          persistence.verify(verification(number)),
          persistence.identity(identityId),
          mailer.message(identityId),
        ].map(codeOf),
      )
      expect(codes).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable'])
    } finally {
      link.set('none')
    }
    await eventually(async () => {
      expect(await persistence.verify(verification(number))).toMatchObject({ verification: { identityId } })
    }, 30_000)
  })
})
