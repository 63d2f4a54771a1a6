import { randomBytes } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { startPersistence } from '@emailauth/testing/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CollectedServices, startCollectedServices } from '../services/collected-services.ts'
import { freshAddress, numberMailedTo, REGISTER, VERIFY } from '../world.ts'

let services: CollectedServices
beforeAll(async () => {
  services = await startCollectedServices()
})
afterAll(() => services.stop())

const newTrace = () => {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-01` } }
}
const lines = (...outputs: string[]) =>
  outputs
    .join('\n')
    .split('\n')
    .filter((line) => line.startsWith('{'))

test("one trace goes from the caller's traceparent through all three services, to Redis and to SMTP", async () => {
  const { collector, ask } = services
  const { traceId, spanId, headers } = newTrace()
  const { data } = await ask(REGISTER, { email: freshAddress(), token: 't' }, headers)
  expect(data.register.delivery).toBe('SENT')
  const trace = await eventually(() => {
    const found = collector.spans.filter((span) => span.traceId === traceId)
    expect(new Set(found.map(({ service }) => service)).size).toBe(3)
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'POST /graphql',
        'persistence POST /v1/registrations/batch',
        'POST /v1/registrations/batch',
        'redis rule',
        'mailer POST /v1/messages/batch',
        'POST /v1/messages/batch',
        'smtp hand-over',
      ]),
    )
    return found
  })
  const named = (name: string) => trace.find((span) => span.name === name)
  expect(named('POST /graphql')).toMatchObject({ service: 'emailauth-gateway', parentSpanId: spanId })
  expect(named('POST /v1/registrations/batch')?.parentSpanId).toBe(
    named('persistence POST /v1/registrations/batch')?.spanId,
  )
  expect(named('smtp hand-over')).toMatchObject({
    service: 'emailauth-mailer',
    parentSpanId: named('POST /v1/messages/batch')?.spanId,
  })
})

test('calls of one batched request are linked to its span', async () => {
  const { collector, ask } = services
  const traces = Array.from({ length: 12 }, newTrace)
  // Twelve connections first, so that the calls arrive in one turn.
  const verify = (headers: Record<string, string>) => ask(VERIFY, { number: '123456789012' }, headers)
  await eventually(async () => {
    await Promise.all(traces.map(({ headers }) => verify(headers)))
    await eventually(() => {
      const batches = collector.spans.filter(
        ({ name }) => name === 'persistence POST /v1/verifications/batch',
      )
      const linked = batches.flatMap(({ links }) => links.map((link) => link.traceId))
      expect(traces.some(({ traceId }) => linked.includes(traceId))).toBe(true)
    }, 1000)
  })
})

test('the lines of a request that failed are joined by its id, and by its trace', async () => {
  const { redis, gateway, persistence, ask } = services
  const { traceId, headers } = newTrace()
  await ask(VERIFY, { number: '123456789012' })
  process.kill(redis.pid, 'SIGSTOP')
  const failed = await ask(VERIFY, { number: '123456789012' }, headers).finally(() =>
    process.kill(redis.pid, 'SIGCONT'),
  )
  expect(failed.errors[0].extensions).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    requestId: failed.requestId,
  })
  const joined = await eventually(() => {
    const found = lines(gateway.output(), persistence.output()).filter((line) =>
      line.includes(failed.requestId),
    )
    const parsed = found.map((line) => JSON.parse(line))
    expect(new Set(parsed.map(({ service }) => service))).toEqual(new Set(['gateway', 'persistence']))
    return parsed
  })
  for (const line of joined) {
    expect(line).toMatchObject({ level: 'error', time: expect.any(String), msg: expect.any(String) })
    expect(line).toMatchObject({ reqId: failed.requestId, trace_id: traceId })
  }
  await eventually(async () => expect((await ask(VERIFY, { number: '1' })).errors).toBeUndefined())
})

test('metrics of all three services cover Redis and need the service token', async () => {
  const { persistence, mailer, gateway, env } = services
  for (const { url } of [persistence, mailer, gateway]) {
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    const headers = { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` }
    const body = await (await fetch(`${url}/metrics`, { headers })).text()
    expect(body).toContain('nodejs_eventloop_lag_p99_seconds')
    expect(body).toContain('emailauth_http_request_duration_seconds_count')
    if (url === gateway.url) continue
    expect(body).toMatch(/emailauth_redis_rule_duration_seconds_count\{[^}]*\} [1-9]/)
    if (url === persistence.url) expect(body).toMatch(/emailauth_redis_errors_total\{.*connection.*\} [1-9]/)
  }
})

test('the same metrics are exported by OTLP, under the same names', async () => {
  const { collector, persistence, env } = services
  await eventually(() => {
    for (const service of ['emailauth-gateway', 'emailauth-persistence', 'emailauth-mailer']) {
      const seen = collector.metrics.filter((metric) => metric.service === service)
      const kindsOf = (name: string) =>
        new Set(seen.filter((one) => one.name === name).map(({ kind }) => kind))
      expect(kindsOf('emailauth_http_request_duration_seconds')).toEqual(new Set(['histogram']))
      expect(kindsOf('process_cpu_seconds_total')).toEqual(new Set(['sum']))
      expect(kindsOf('nodejs_eventloop_lag_p99_seconds')).toEqual(new Set(['gauge']))
    }
  })
  expect(new Set(collector.metrics.map(({ instance }) => instance)).size).toBe(3)
  const headers = { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` }
  const text = await (await fetch(`${persistence.url}/metrics`, { headers })).text()
  const named = Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name)
  const exported = collector.metrics.filter(({ service }) => service === 'emailauth-persistence')
  expect(named).toEqual(expect.arrayContaining([...new Set(exported.map(({ name }) => name))]))
})

test('a service that shuts down exports its last metrics', async () => {
  const { collector, env } = services
  const instance = `last-${randomBytes(4).toString('hex')}`
  const once = {
    OTEL_METRIC_EXPORT_INTERVAL: '3600000',
    OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
  }
  const persistence = await startPersistence({ env: { ...env, ...once } })
  await persistence.stop()
  const seen = collector.metrics.filter((metric) => metric.instance === instance)
  expect(seen.map(({ name }) => name)).toContain('emailauth_build_info')
})

test('nothing secret stands in what the services write, trace or count, whatever goes wrong', async () => {
  const { env, key, ask, smtp, redis, persistence, mailer, gateway, collector } = services
  const email = freshAddress()
  const planted = {
    email,
    token: 'planted-token-91ac',
    clientIp: '203.0.113.77',
    idempotencyKey: 'planted-key-5',
  }
  await ask(REGISTER, planted)
  const number = numberMailedTo(smtp.mails, email)
  await ask(VERIFY, { number: `${number}9`, email })
  await ask(VERIFY, { number, email: 5 })
  await ask(`mutation { verify(input: { number: "${number}", x: "${planted.token}" }) }`, {})
  expect((await ask(VERIFY, { number })).data.verify.token).toBe(planted.token)
  // Redis goes, so the calls fail where they hold the secrets; and a mail server that says them all back.
  process.kill(redis.pid, 'SIGSTOP')
  await Promise.all([ask(VERIFY, { number }), ask(REGISTER, planted)]).finally(() =>
    process.kill(redis.pid, 'SIGCONT'),
  )
  const others: string[] = []
  smtp.script.data = ({ raw }) => ({
    code: 550,
    text: `refused ${others.at(-1)} ${raw.slice(0, 900).replaceAll(/\s+/g, ' ')}`,
  })
  await eventually(async () => {
    // Each time another one, since a mail to it counts although it waits.
    const other = freshAddress()
    others.push(other)
    const { data } = await ask(REGISTER, {
      ...planted,
      email: other,
      idempotencyKey: randomBytes(8).toString('hex'),
    })
    // A refusal of the content: the mail waits.
    expect(data?.register).toMatchObject({ __typename: 'Registered', delivery: 'QUEUED' })
  })
  delete smtp.script.data

  const headers = { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` }
  const all = [persistence, mailer, gateway]
  const metrics = await Promise.all(
    all.map(async ({ url }) => (await fetch(`${url}/metrics`, { headers })).text()),
  )
  const written = [
    ...all.map((service) => service.output()),
    ...metrics,
    JSON.stringify([collector.spans, collector.metrics]),
  ].join('\n')
  expect(lines(written).length).toBeGreaterThan(3)
  const secrets = [
    ...Object.values(planted),
    ...others,
    number,
    key,
    key.slice(3),
    env.EMAILAUTH_SERVICE_TOKEN,
  ]
  for (const secret of [...secrets, env.EMAILAUTH_SECRET_KEYS]) expect(written).not.toContain(secret)
  for (const line of lines(...all.map((service) => service.output()))) {
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), service: expect.any(String) })
  }
})
