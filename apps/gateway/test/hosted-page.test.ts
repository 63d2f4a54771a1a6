import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PAGE_RATE } from '../src/hosted-page/hosted-page.routes.ts'
import { ask, freshAddress, numberMailedTo, REGISTER, startWorld, type World } from './world.ts'

const RETURN = 'https://shop.example.com/back?from=mail'
const SECOND = 'http://localhost:3000/back'

let world: World
let key: string
beforeAll(async () => {
  world = await startWorld()
  const mail = { colour: '#ffcc00', logoUrl: 'https://cdn.example.com/logo.png' }
  const settings = { returnUrls: [RETURN, SECOND], mailsPerAddress: [{ max: 2, windowSeconds: 3600 }], mail }
  await world.persist('/v1/tenants', { id: 'shop', name: 'Shop <b>&', settings })
  await world.persist('/v1/tenants', {
    id: 'bound',
    name: 'Bound',
    settings: {
      verification: 'BOUND',
      boundTries: 2,
      returnUrls: [RETURN],
      missesPerClientIp: { max: 3, windowSeconds: 3600 },
    },
  })
  key = await world.newKey({ scope: 'tenant', tenantId: 'shop', name: 'tests' })
})
afterAll(() => world?.stop())

async function registered(apiKey = key, email = freshAddress()) {
  const { data } = await ask(world.app, apiKey, REGISTER, { input: { email, token: 'the token' } })
  const identityId: string = data.register.identityId
  return { email, identityId, number: numberMailedTo(world.smtp.mails, email) }
}

const get = (path: string, headers: object = {}) =>
  world.app.inject({ method: 'GET', url: path, headers: { host: 'localhost', ...headers } })

/** Sends a form as a browser does from our own page. */
function post(
  path: string,
  fields: Record<string, string>,
  headers: object = {},
  remoteAddress = '127.0.0.1',
) {
  return world.app.inject({
    method: 'POST',
    remoteAddress,
    url: path,
    headers: {
      host: 'localhost',
      origin: 'http://localhost',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    payload: new URLSearchParams(fields).toString(),
  })
}

const pageOf = (identityId: string, returnTo = RETURN) =>
  `/verify/${identityId}?${new URLSearchParams({ returnTo })}`

const EXCHANGE = `mutation ($input: ExchangeInput!) { exchange(input: $input) {
  __typename ... on Verified { identityId email token } ... on Problem { code message } } }`

async function exchange(identityId: string | null, result: string | null, apiKey = key) {
  const { data, errors } = await ask(world.app, apiKey, EXCHANGE, { input: { identityId, result } })
  return errors ?? data.exchange
}

test('a person types the number, and the tenant exchanges the result once', async () => {
  const { email, identityId, number } = await registered()
  const page = await get(pageOf(identityId))
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('\u2068Shop &lt;b&gt;&amp;\u2069 has sent a code to')
  expect(page.body).toContain(`${email[0]}•••@example.com`)
  expect(page.body).not.toContain(email)
  const typed = `${number.slice(0, 4)} ${number.slice(4)}`
  const done = await post(`/verify/${identityId}`, { number: typed, returnTo: RETURN, attempt: 'a' })
  expect(done.statusCode).toBe(303)
  const back = new URL(String(done.headers.location))
  expect(back.href.startsWith(`${RETURN}&`)).toBe(true)
  expect(back.href).not.toContain(number)
  expect(back.href).not.toContain('token')
  expect(back.searchParams.get('identityId')).toBe(identityId)
  const result = back.searchParams.get('result')
  expect(await exchange(identityId, result, world.otherKey)).toMatchObject({ __typename: 'WrongCredentials' })
  expect(await exchange(identityId, result)).toEqual({
    __typename: 'Verified',
    identityId,
    email,
    token: 'the token',
  })
  expect(await exchange(identityId, result)).toMatchObject({ __typename: 'WrongCredentials' })
  // The page is over too.
  expect((await get(pageOf(identityId))).statusCode).toBe(410)
  for (const secret of [number, result ?? '', 'the token']) expect(world.log.join('')).not.toContain(secret)
})

test('a form that is sent twice brings one result', async () => {
  const { identityId, number } = await registered()
  const fields = { number, returnTo: RETURN, attempt: randomUUID() }
  const answers = await Promise.all([1, 2, 3].map(() => post(`/verify/${identityId}`, fields)))
  expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1)
  expect(answers[0]?.statusCode).toBe(303)
  // Who did not have the form cannot get at it.
  expect((await post(`/verify/${identityId}`, { ...fields, attempt: 'mine' })).statusCode).toBe(410)
})

test('a form that is sent again from another network, because the answer was lost, brings the same result', async () => {
  const { identityId, number } = await registered()
  const fields = { number, returnTo: RETURN, attempt: randomUUID() }
  const first = await post(`/verify/${identityId}`, fields)
  const again = await post(`/verify/${identityId}`, fields, {}, '198.51.100.7')
  expect(again.statusCode).toBe(303)
  expect(again.headers.location).toBe(first.headers.location)
  const result = new URL(String(again.headers.location)).searchParams.get('result')
  expect(await exchange(identityId, result)).toMatchObject({ token: 'the token' })
})

test.each([
  ['of 257 characters', '1'.repeat(257)],
  ['of almost 8 KiB', '1'.repeat(8000)],
  ['of a line break and a NUL', '12\r\n34\0'],
  ['of nothing', ''],
])('a number %s is a wrong one, and no fault in the log', async (_name, number) => {
  const { identityId } = await registered()
  const before = world.log.length
  const answer = await post(`/verify/${identityId}`, { number, returnTo: RETURN, attempt: 'a' })
  expect([answer.statusCode, answer.body.includes('This code is not valid')]).toEqual([422, true])
  expect(world.log.slice(before).join('')).not.toContain('could not be shown')
})

test('a tenant that was disabled a moment ago is refused, and no fault in the log', async () => {
  await world.persist('/v1/tenants', { id: 'closing', name: 'Closing', settings: { returnUrls: [RETURN] } })
  const closing = await world.newKey({ scope: 'tenant', tenantId: 'closing', name: 'tests' })
  const { identityId } = await registered(closing)
  // This gateway remembers the tenant for some seconds.
  expect((await get(`/verify/${identityId}`)).statusCode).toBe(200)
  const before = world.log.length
  const disabled = await fetch(`${world.persistence.url}/v1/tenants/closing`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${world.env.EMAILAUTH_SERVICE_TOKEN}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ status: 'disabled' }),
  })
  expect(disabled.status).toBe(200)
  // 404 as soon as this gateway has learned it too.
  await eventually(async () => {
    const answer = await post(`/verify/${identityId}`, { number: 'x', attempt: 'a' })
    expect([403, 404]).toContain(answer.statusCode)
  })
  expect(world.log.slice(before).join('')).not.toContain('could not be shown')
})

test('REST exchanges it as well', async () => {
  const { identityId, number } = await registered()
  const done = await post(`/verify/${identityId}`, { number, returnTo: SECOND, attempt: 'a' })
  const result = new URL(String(done.headers.location)).searchParams.get('result')
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'mine' }
  const call = () =>
    world.app.inject({ method: 'POST', url: '/v1/exchanges', headers, payload: { identityId, result } })
  expect((await call()).json()).toMatchObject({ identityId, token: 'the token' })
  // A lost answer is had again under the same key, and only under it.
  expect((await call()).json()).toMatchObject({ identityId, token: 'the token' })
  headers['idempotency-key'] = 'other'
  expect((await call()).json()).toMatchObject({ code: 'wrong-credentials' })
})

test('it returns nowhere but to the tenant’s own URLs', async () => {
  const { identityId, number } = await registered()
  const wrong = [
    'https://evil.example/',
    `${RETURN}/`,
    `${RETURN}&x=1`,
    'https://shop.example.com.evil.example/back?from=mail',
    'https://shop.example.com/back',
    '//evil.example',
    'javascript:alert(1)',
    ' ',
    `${RETURN}\r\nset-cookie: a=b`,
  ]
  for (const returnTo of wrong) {
    const page = await get(pageOf(identityId, returnTo))
    expect([page.statusCode, page.body.includes('evil'), page.headers.location], returnTo).toEqual([
      404,
      false,
      undefined,
    ])
    const done = await post(`/verify/${identityId}`, { number, returnTo, attempt: 'a' })
    expect([done.statusCode, done.headers.location], returnTo).toEqual([404, undefined])
  }
  // Of two URLs one must be named.
  expect((await get(`/verify/${identityId}`)).statusCode).toBe(404)
  expect((await get(`${pageOf(identityId)}&returnTo=${encodeURIComponent(SECOND)}`)).statusCode).toBe(404)
  // None of them used the number up.
  expect((await post(`/verify/${identityId}`, { number, returnTo: RETURN, attempt: 'a' })).statusCode).toBe(
    303,
  )
})

test('a tenant that names no URL has no page', async () => {
  const { identityId } = await registered(world.key)
  for (const path of [`/verify/${identityId}`, pageOf(identityId)])
    expect((await get(path)).statusCode).toBe(404)
  for (const id of ['x', 'nobody.00000000000000000000000', 'shop.%2e%2e', '%00', 'x'.repeat(2000)]) {
    expect((await get(`/verify/${id}`)).statusCode, id).toBeGreaterThanOrEqual(400)
    expect((await get(`/verify/${id}`)).statusCode, id).toBeLessThan(500)
  }
})

test('a GET changes nothing, whatever it carries: scanners follow links', async () => {
  const { identityId, number } = await registered()
  const mails = world.smtp.mails.length
  for (const method of ['GET', 'HEAD'] as const) {
    for (const path of [`/verify/${identityId}`, `/verify/${identityId}/resend`]) {
      await world.app.inject({
        method,
        url: `${path}?${new URLSearchParams({ number, returnTo: RETURN, attempt: 'a' })}`,
      })
    }
  }
  expect(world.smtp.mails.length).toBe(mails)
  expect((await get(pageOf(identityId))).statusCode).toBe(200)
})

test('other sites can post nothing here, and no other body is read', async () => {
  const { identityId, number } = await registered()
  const fields = { number, returnTo: RETURN, attempt: 'a' }
  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'http://localhost:9999', 'sec-fetch-site': 'same-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
  ]) {
    expect((await post(`/verify/${identityId}`, fields, headers)).statusCode).toBe(403)
    expect((await post(`/verify/${identityId}/resend`, fields, headers)).statusCode).toBe(403)
  }
  for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x']) {
    expect((await post(`/verify/${identityId}`, fields, { 'content-type': type })).statusCode).toBe(415)
  }
  expect((await post(`/verify/${identityId}`, { ...fields, x: 'x'.repeat(10_000) })).statusCode).toBe(413)
  expect((await get(pageOf(identityId))).statusCode).toBe(200)
})

test('no script, no frame, no cache, no index, no referrer; and a way back', async () => {
  const { identityId } = await registered()
  const { headers, body } = await get(pageOf(identityId))
  const policy = String(headers['content-security-policy'])
  const [, nonce] = /style-src 'nonce-([^']+)'/.exec(policy) ?? []
  expect(body).toContain(`<style nonce="${nonce}">`)
  expect(policy).toBe(
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src https://cdn.example.com; form-action 'self' https://shop.example.com; frame-ancestors 'none'; base-uri 'none'`,
  )
  expect(headers).toMatchObject({
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-robots-tag': 'noindex, nofollow',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  })
  expect(headers['set-cookie']).toBeUndefined()
  expect(body).not.toMatch(/<script|javascript:| on\w+=/)
  expect((await get(pageOf(identityId))).headers['content-security-policy']).not.toContain(nonce)
  // The accent is light, so the text upon it is dark.
  expect(body).toContain('--accent:#ffcc00;--on-accent:#000000')
})

test('what is typed and asked for is shown as text', async () => {
  const { identityId } = await registered()
  const nasty = '"><script>alert(1)</script>'
  const { body } = await post(`/verify/${identityId}`, { number: nasty, returnTo: RETURN, attempt: nasty })
  expect(body).not.toContain('<script')
})

test('wrong numbers are counted as those of verify are, and burn the identity', async () => {
  const boundKey = await world.newKey({ scope: 'tenant', tenantId: 'bound', name: 'tests' })
  const { identityId, number } = await registered(boundKey)
  const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`
  // With one URL none must be named.
  const first = await post(`/verify/${identityId}`, { number: wrong, attempt: 'a' })
  expect(first.statusCode).toBe(422)
  expect(first.body).toContain('This code is not valid')
  expect((await post(`/verify/${identityId}`, { number: wrong, attempt: 'b' })).statusCode).toBe(410)
  expect((await post(`/verify/${identityId}`, { number, attempt: 'c' })).statusCode).toBe(410)
  const other = await registered(boundKey)
  const limited = await post(`/verify/${other.identityId}`, { number: other.number, attempt: 'd' })
  expect(limited.statusCode).toBe(429)
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(3000)
  expect(limited.body).toMatch(/Try again in \u2068\d+:\d\d min/)
})

test('wrong numbers are counted for the client behind the proxy, whatever it writes before its address', async () => {
  const boundKey = await world.newKey({ scope: 'tenant', tenantId: 'bound', name: 'tests' })
  const app = await world.another({ trustedProxies: ['127.0.0.1'] })
  const from = async (client: string, { identityId, number }: { identityId: string; number: string }) => {
    const { statusCode } = await app.inject({
      method: 'POST',
      url: `/verify/${identityId}`,
      headers: {
        host: 'localhost',
        origin: 'http://localhost',
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': client,
      },
      payload: new URLSearchParams({ number, attempt: randomUUID() }).toString(),
    })
    return statusCode
  }
  try {
    for (const host of ['1', '2', 'ffff:1']) {
      const person = await registered(boundKey)
      expect(await from(`2001:db8:1::${host}`, { ...person, number: '00000000' })).toBe(422)
    }
    const person = await registered(boundKey)
    // A stranger of the same /64 has used up its tries, and cannot leave it by a header of its own.
    expect(await from('2001:db8:1::3', person)).toBe(429)
    expect(await from('198.51.100.9, 2001:db8:1:0::4', person)).toBe(429)
    expect(await from('nonsense,, 2001:DB8:1::5', person)).toBe(429)
    // The person herself is somewhere else.
    expect(await from('198.51.100.9', person)).toBe(303)
  } finally {
    await app.close()
  }
})

test('the number is mailed again within the limits', async () => {
  const { email, identityId } = await registered()
  const path = `/verify/${identityId}/resend`
  const again = await post(path, { returnTo: RETURN })
  expect(again.statusCode).toBe(200)
  expect(again.body).toContain('The code was sent again.')
  expect(world.smtp.mails.filter(({ to }) => to.includes(email))).toHaveLength(2)
  const third = await post(path, { returnTo: RETURN })
  expect(third.statusCode).toBe(429)
  expect(third.body).toContain('Too many tries')
  // Offered when it is really allowed. Such a long wait is shown, not counted down.
  const seconds = Number(third.headers['retry-after'])
  expect(seconds).toBeGreaterThan(3000)
  expect(third.body).toContain(`.resend button{animation:come 0s ${seconds}s both}`)
  expect(third.body).not.toContain('@property')
})

test('the resend is offered when the next mail is allowed, counted down without a script', async () => {
  await world.persist('/v1/tenants', { id: 'slow', name: 'Slow', settings: { returnUrls: [RETURN] } })
  const slowKey = await world.newKey({ scope: 'tenant', tenantId: 'slow', name: 'tests' })
  const { identityId } = await registered(slowKey)
  const { body } = await get(`/verify/${identityId}`)
  const [, seconds = ''] = /\.resend button\{animation:come 0s (\d+)s both\}/.exec(body) ?? []
  expect(Number(seconds)).toBeGreaterThan(0)
  expect(Number(seconds)).toBeLessThanOrEqual(30)
  expect(body).toContain(`Send the code again in <span class="time" dir="ltr"><b>${seconds} s</b></span>`)
  expect(body).toContain('<button class="quiet">Send the code again</button>')
  expect(body).toContain(`@keyframes left{from{--s:${seconds}}}`)
})

test('a client has 300 requests a minute, so that strangers cannot make the page work; others go on', async () => {
  expect(PAGE_RATE).toEqual({ most: 300, windowMs: 60_000 })
  const headers = { host: 'localhost', 'accept-language': 'fr' }
  const from = (remoteAddress: string, url: string, method: 'GET' | 'POST' = 'GET') =>
    world.app.inject({ method, url, remoteAddress, headers })
  for (let i = 0; i < PAGE_RATE.most; i++)
    expect((await from(`2001:db8::${i}`, '/verify/x')).statusCode).toBe(404)
  const { identityId } = await registered()
  for (const [url, method] of [
    [pageOf(identityId), 'GET'],
    [`/verify/${identityId}`, 'POST'],
    [`/verify/${identityId}/resend`, 'POST'],
  ] as const) {
    const refused = await from('2001:db8::ffff:1', url, method)
    expect([refused.statusCode, refused.headers['content-language']]).toEqual([429, 'fr'])
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(refused.body).toContain('Trop d’essais. Réessayez dans')
  }
  expect((await from('2001:db8:0:1::1', pageOf(identityId))).statusCode).toBe(200)
  expect((await from('2001:db8::1', '/healthz')).statusCode).toBe(200)
})

test.each([
  ['es-MX,es;q=0.9,en;q=0.8', 'es', 'Mira tu correo'],
  ['fr, en;q=0.5', 'fr', 'Consultez vos e-mails'],
  ['ja', 'ja', 'メールをご確認ください'],
  ['*', 'en', 'Look into your mail'],
])('with Accept-Language %s it speaks %s', async (header, language, title) => {
  const { identityId } = await registered()
  const { body, headers } = await get(pageOf(identityId), { 'accept-language': header })
  expect(body).toContain(`<html lang="${language}" dir="ltr">`)
  expect(body).toContain(`<h1>${title}</h1>`)
  expect(headers['content-language']).toBe(language)
})

test('it speaks the language of the tenant where the browser wishes for none, from right to left too', async () => {
  const settings = { returnUrls: [RETURN], locale: 'ar' }
  await world.persist('/v1/tenants', { id: 'souq', name: 'Souq', settings })
  const souqKey = await world.newKey({ scope: 'tenant', tenantId: 'souq', name: 'tests' })
  const { identityId } = await registered(souqKey)
  const { body } = await get(`/verify/${identityId}`, { 'accept-language': 'tlh' })
  expect(body).toContain('<html lang="ar" dir="rtl">')
  expect(body).toContain('أرسل \u2068Souq\u2069 رمزًا إلى')
})

test('settings refuse URLs that would be an open redirect', async () => {
  const query =
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { returnUrls } } }'
  const set = (returnUrls: string[]) =>
    ask(world.app, world.adminKey, query, { input: { id: 'other', settings: { returnUrls } } })
  for (const url of ['http://shop.example.com/', 'https://*.example.com/#', 'javascript:alert(1)', '/back']) {
    expect((await set([url])).errors?.[0]?.extensions, url).toMatchObject({ code: 'BAD_USER_INPUT' })
  }
  expect((await set([SECOND])).data.updateTenant.settings).toEqual({ returnUrls: [SECOND] })
})
