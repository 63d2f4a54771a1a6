import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { redisCommand } from '@emailauth/testing/redis-command'
import { getGlobalDispatcher, ProxyAgent, setGlobalDispatcher } from 'undici'
import { expect, test } from 'vitest'
import {
  ask,
  freshAddress,
  numberMailedTo,
  REGISTER,
  startWorld,
  startWorldOfOwnMailer,
  startWorldOfOwnPersistence,
  VERIFY,
} from '../world.ts'

test('without persistence: a masked SERVICE_UNAVAILABLE at once, and everything again when it is back', async () => {
  const world = keep(await startWorldOfOwnPersistence())
  const query = '{ viewer { scope } }'
  expect((await ask(world.app, world.key, query)).status).toBe(200)
  await world.persistence.kill()

  const failed = await ask(world.app, world.key, VERIFY, { input: { number: '123456789012' } })
  expect(failed.errors).toMatchObject([
    {
      message: 'The service is not available for the moment; try again in a few seconds.',
      extensions: { code: 'SERVICE_UNAVAILABLE', requestId: failed.headers['x-request-id'] },
    },
  ])
  // No reply leaves open whether the call took effect.
  expect(failed.errors?.[0]?.extensions).not.toHaveProperty('tookEffect')
  expect(failed.text).not.toMatch(/ECONN|127\.0\.0\.1|persistence/)
  const logged = world.log.find((line) => line.includes(String(failed.headers['x-request-id'])))
  expect(logged).toContain('ECONNREFUSED')

  // An unverifiable key is no 401.
  const unknown = await ask(world.app, world.otherKey, query)
  expect([unknown.status, unknown.errors?.[0]?.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE'])

  await eventually(async () => {
    const ready = await world.app.inject('/readyz')
    expect([ready.statusCode, ready.json().checks]).toEqual([
      503,
      { persistence: 'unavailable', store: 'ok', mailer: 'ok' },
    ])
  })
  expect((await world.app.inject('/healthz')).statusCode).toBe(200)

  await world.persistence.restart()
  await eventually(async () => expect((await world.app.inject('/readyz')).statusCode).toBe(200))
  const answer = await ask(world.app, world.otherKey, VERIFY, { input: { number: '123456789012' } })
  expect(answer.data.verify.__typename).toBe('WrongCredentials')
})

test('with a service token that the others do not accept: never ready, whatever a proxy excludes', async () => {
  const world = keep(await startWorld())
  const wrong = await world.another({ serviceToken: 'w'.repeat(32) })
  try {
    const failed = await ask(wrong, world.key, '{ viewer { scope } }')
    expect(failed.errors?.[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE')
    const ready = await wrong.inject('/readyz?exclude=persistence')
    expect([ready.statusCode, ready.json().checks]).toEqual([
      503,
      { persistence: 'unavailable', store: 'ok', mailer: 'unavailable' },
    ])
  } finally {
    await wrong.close()
  }
})

test('with the URLs of the two services swapped: never ready, and no valid key is called invalid', async () => {
  const world = keep(await startWorld())
  const swapped = { persistenceUrl: world.mailer.url, mailerUrl: world.persistence.url }
  const wrong = await world.another(swapped)
  try {
    const failed = await ask(wrong, world.key, '{ viewer { scope } }')
    expect([failed.status, failed.errors?.[0]?.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE'])
    expect(world.log.find((line) => line.includes(String(failed.headers['x-request-id'])))).toContain(
      `another service answers at ${world.mailer.url}: This is the mailer`,
    )
    const ready = await wrong.inject('/readyz?exclude=persistence')
    expect([ready.statusCode, ready.json().checks]).toEqual([
      503,
      { persistence: 'unavailable', store: 'ok', mailer: 'unavailable' },
    ])
  } finally {
    await wrong.close()
  }
})

test('without the mailer: the number lives, its mail has FAILED, and a verify goes on working', async () => {
  const world = keep(await startWorldOfOwnMailer())
  const mailed = freshAddress()
  await ask(world.app, world.key, REGISTER, { input: { email: mailed, token: 'kept' } })
  await world.mailer.kill()

  const { data } = await ask(world.app, world.key, REGISTER, { input: { email: freshAddress(), token: 't' } })
  expect(data.register).toMatchObject({ __typename: 'Registered', delivery: 'FAILED' })
  const listed = await ask(world.app, world.key, '{ identities { nodes { id delivery { state } } } }')
  expect(listed.errors?.every(({ extensions }) => extensions.code === 'SERVICE_UNAVAILABLE')).toBe(true)
  expect(
    (await ask(world.app, world.key, '{ identities { nodes { id } } }')).data.identities.nodes,
  ).toHaveLength(2)

  const number = numberMailedTo(world.smtp.mails, mailed)
  const verified = await ask(world.app, world.key, VERIFY, { input: { number } })
  expect(verified.data.verify).toMatchObject({ __typename: 'Verified', token: 'kept' })

  // A balancer goes on sending verifies here.
  await eventually(async () => {
    const ready = await world.app.inject('/readyz')
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ok', checks: { persistence: 'ok', store: 'ok', mailer: 'unavailable' } },
    ])
  })

  // Nothing was sent to the mailer, so the person may ask again at once, until a mail is under way.
  const email = freshAddress()
  const again = async () => (await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })).data
  expect((await again()).register).toMatchObject({ delivery: 'FAILED', replaced: false })
  const { register } = await again()
  expect(register).toMatchObject({ delivery: 'FAILED', replaced: true })
  const resend = `mutation { resend(input: { identityId: "${register.identityId}" }) { __typename ... on Registered { delivery } } }`
  expect((await ask(world.app, world.key, resend)).data.resend).toMatchObject({ delivery: 'FAILED' })
  await world.mailer.restart()
  await eventually(async () =>
    expect((await again()).register).toMatchObject({ delivery: 'SENT', replaced: true }),
  )
  expect((await again()).register.__typename).toBe('RateLimited')
  expect(world.smtp.mails.filter(({ to }) => to.includes(email))).toHaveLength(1)
})

test('an address that the mail server refuses for good: EmailRejected, and nothing is left of it', async () => {
  const world = keep(await startWorld())
  world.smtp.script.rcptTo = () => ({ code: 550, text: '5.1.1 no such user' })
  const email = freshAddress()
  const refused = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
  expect(refused.data.register).toMatchObject({ __typename: 'EmailRejected', code: 'EMAIL_REJECTED' })
  expect((await ask(world.app, world.key, '{ identities { nodes { id } } }')).data.identities.nodes).toEqual(
    [],
  )
  // The mail was not counted, so the next try is not limited.
  delete world.smtp.script.rcptTo
  const again = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
  expect(again.data.register).toMatchObject({ __typename: 'Registered', delivery: 'SENT', replaced: false })
})

test('a busy mail server: the number lives, and the delivery outcome is reported', async () => {
  const world = keep(await startWorld())
  world.smtp.script.rcptTo = () => ({ code: 451, text: '4.3.0 later' })
  const { data } = await ask(world.app, world.key, REGISTER, { input: { email: freshAddress(), token: 't' } })
  expect(data.register.__typename).toBe('Registered')
  expect(['QUEUED', 'FAILED']).toContain(data.register.delivery)
  const query = '{ identities { nodes { delivery { state attempts reason updatedAt } } } }'
  const listed = await ask(world.app, world.key, query)
  expect(listed.data.identities.nodes).toMatchObject([
    { delivery: { state: data.register.delivery, attempts: 1 } },
  ])
})

test('a tenant is deleted while the mailer is away: the answer says what is left, and a repeat finishes it', async () => {
  const world = keep(await startWorldOfOwnMailer())
  const asAdmin = (document: string) => ask(world.app, world.adminKey, document)
  await asAdmin('mutation { createTenant(input: { id: "half", name: "Half" }) { id } }')
  const suppress =
    'mutation { addSuppressions(tenantId: "half", addresses: [{ email: "gone@example.com" }]) { added } }'
  expect((await asAdmin(suppress)).data).toMatchObject({ addSuppressions: { added: 1 } })
  const suppressed = () => redisCommand(world.redis.port, 'KEYS', '*suppressed:half*:entries')
  expect(await suppressed()).not.toBe('')
  await world.mailer.kill()

  const remove = () => asAdmin('mutation { deleteTenant(id: "half") }')
  expect((await remove()).errors).toMatchObject([
    {
      message: expect.stringMatching(/tenant is gone.*suppressed addresses are still kept.*once more/),
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    },
  ])
  await eventually(async () => expect((await asAdmin('{ tenants { id } }')).text).not.toContain('half'))
  expect(await suppressed()).not.toBe('')

  await world.mailer.restart()
  // Persistence has lost its data, so there is no such tenant any more; what the mailer kept goes now.
  await eventually(async () => expect((await remove()).data).toEqual({ deleteTenant: false }))
  expect(await suppressed()).toBe('')
})

test('Redis takes no writes: GraphQL and REST say that the call did not take effect, and it did not', async () => {
  const world = keep(await startWorld())
  const email = freshAddress()
  await ask(world.app, world.key, REGISTER, { input: { email, token: 'first' } })
  // On a busy machine the mail may come after the answer.
  const number = await eventually(() => numberMailedTo(world.smtp.mails, email))
  await redisCommand(world.redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '1')

  const input = { email: freshAddress(), token: 'second' }
  // On a busy machine a call may time out instead, and then it says nothing of its effect.
  const calls = [
    () => ask(world.app, world.key, REGISTER, { input }),
    () => ask(world.app, world.key, VERIFY, { input: { number } }),
  ]
  for (const call of calls) {
    await eventually(async () =>
      expect((await call()).errors).toMatchObject([
        {
          message: expect.stringContaining('did not take effect'),
          extensions: {
            code: 'SERVICE_UNAVAILABLE',
            tookEffect: false,
            retryAfterSeconds: expect.any(Number),
          },
        },
      ]),
    )
  }
  // GraphQL answers with 200, so the alert on faults goes by the code.
  expect((await world.app.inject('/metrics')).body).toMatch(
    /^emailauth_graphql_operation_duration_seconds_count\{.*operation="verify",code="SERVICE_UNAVAILABLE"/m,
  )
  await eventually(async () => {
    const reply = await world.app.inject({
      method: 'POST',
      url: '/v1/verifications',
      headers: { authorization: `Bearer ${world.key}` },
      payload: { number },
    })
    expect([reply.statusCode, reply.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'unavailable', tookEffect: false }),
    ])
  })

  await eventually(async () => {
    expect((await world.app.inject('/readyz')).statusCode).toBe(503)
    const line = world.log.find((one) => one.includes('not ready for work: persistence'))
    expect(line).toContain('it is not ready for work: redis; its log says why')
  })
  const services = '{ system { services { name ready latencyMs } } }'
  const answering = { ready: false, latencyMs: expect.any(Number) }
  await eventually(async () =>
    expect((await ask(world.app, world.adminKey, services)).data?.system.services).toEqual([
      { name: 'gateway', ready: true, latencyMs: 0 },
      { name: 'persistence', ...answering },
      { name: 'mailer', ...answering },
    ]),
  )

  await redisCommand(world.redis.port, 'CONFIG', 'SET', 'min-replicas-to-write', '0')
  const verified = await eventually(async () => {
    const { data } = await ask(world.app, world.key, VERIFY, { input: { number } })
    expect(data?.verify.__typename).toBe('Verified')
    return data.verify
  })
  expect(verified.token).toBe('first')
  expect(world.smtp.mails).toHaveLength(1)
})

test('calls to the services never go through the proxy of the environment', async () => {
  const world = keep(await startWorld())
  const before = getGlobalDispatcher()
  // Node does the same with HTTP_PROXY under NODE_USE_ENV_PROXY. Nothing listens on port 1.
  setGlobalDispatcher(new ProxyAgent('http://127.0.0.1:1'))
  const another = await world.another()
  try {
    await expect(fetch(`${world.persistence.url}/healthz`)).rejects.toThrow()
    await eventually(async () => expect((await another.inject('/readyz')).statusCode).toBe(200))
    const { data } = await ask(another, world.key, REGISTER, { input: { email: freshAddress(), token: 't' } })
    expect(data.register.__typename).toBe('Registered')
    expect(['SENT', 'QUEUED']).toContain(data.register.delivery)
  } finally {
    setGlobalDispatcher(before)
    await another.close()
  }
})
