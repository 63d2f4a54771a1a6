import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startServe } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'

async function start(more: Readonly<Record<string, string>> = {}) {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const ports = {
    EMAILAUTH_PERSISTENCE_PORT: String(await freePort()),
    EMAILAUTH_MAILER_PORT: String(await freePort()),
  }
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url, ...ports, ...more }
  return { redis, smtp, env, service: keep(await startServe({ env })) }
}

const POST = { method: 'POST', headers: { 'content-type': 'application/json' } }

test('register, mail, verify: once; its metrics are those of all three services', async () => {
  const { env, service, smtp } = await start({
    EMAILAUTH_SERVE_REST: 'true',
    EMAILAUTH_METRICS_PUBLIC: 'true',
  })
  const reply = await fetch(`http://127.0.0.1:${env.EMAILAUTH_PERSISTENCE_PORT}/v1/api-keys`, {
    ...POST,
    headers: { ...POST.headers, authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` },
    body: JSON.stringify({ scope: 'tenant', tenantId: 'demo', name: 'k' }),
  })
  const { key } = (await reply.json()) as { key: string }
  const ask = async (query: string, input: object) => {
    const answer = await fetch(`${service.url}/graphql`, {
      ...POST,
      headers: { ...POST.headers, authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables: { input } }),
    })
    return (await answer.json()) as { data: { answer: Record<string, unknown> } }
  }
  const registered = await ask(
    'mutation($input: RegisterInput!){answer:register(input:$input){__typename ... on Registered{identityId delivery}}}',
    { email: 'ada@example.com', token: 'hello' },
  )
  expect(registered).toMatchObject({ data: { answer: { __typename: 'Registered' } } })
  // On a starved machine the mailer may answer too late. Its caller then asks for the mail again.
  for (let { delivery, identityId } = registered.data.answer; delivery === 'FAILED'; ) {
    const resent = await ask(
      'mutation($input: ResendInput!){answer:resend(input:$input){__typename ... on Registered{delivery}}}',
      { identityId },
    )
    expect(resent).toMatchObject({ data: { answer: { __typename: 'Registered' } } })
    delivery = resent.data.answer.delivery
  }
  await eventually(() => expect(smtp.mails).toHaveLength(1), 60_000)
  const number = /^\d{3,4}(?: \d{3,4})+/m.exec(smtp.mails[0]?.raw ?? '')?.[0] ?? ''
  const verify = () =>
    ask(
      'mutation($input: VerifyInput!){answer:verify(input:$input){__typename ... on Verified{token} ... on Problem{code}}}',
      { number },
    )
  expect(await verify()).toMatchObject({ data: { answer: { token: 'hello' } } })
  expect(await verify()).not.toMatchObject({ data: { answer: { token: 'hello' } } })
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  for (const service of ['gateway', 'persistence', 'mailer']) {
    expect(metrics).toMatch(new RegExp(`^emailauth_build_info\\{.*service="${service}"\\} 1$`, 'm'))
  }
  // What belongs to the process is there once.
  expect(metrics.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(1)
})

test('nothing but the gateway listens by default, and what runs ends in good order', async () => {
  const { env, service, smtp } = await start()
  for (const port of [env.EMAILAUTH_PERSISTENCE_PORT, env.EMAILAUTH_MAILER_PORT]) {
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  }
  expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({
    status: 'ok',
    checks: { persistence: 'ok', store: 'ok', mailer: 'ok' },
  })
  await service.stop()
  expect(smtp.connections()).toBe(0)
})

test('the faults of all three environments are named at once', async () => {
  const env = { EMAILAUTH_ENV_FILE: 'none', EMAILAUTH_SMTP_URL: 'http://x', EMAILAUTH_PUBLIC_URL: 'ftp://x' }
  const error = await startServe({ env }).then(
    (service) => service.stop(),
    (thrown: Error) => thrown.message,
  )
  for (const name of ['SERVICE_TOKEN', 'SECRET_KEYS', 'REDIS_URL', 'SMTP_URL']) {
    expect(String(error).match(new RegExp(`^EMAILAUTH_${name}: `, 'gm'))).toHaveLength(1)
  }
  expect(String(error)).toContain('EMAILAUTH_PUBLIC_URL: ')
})
