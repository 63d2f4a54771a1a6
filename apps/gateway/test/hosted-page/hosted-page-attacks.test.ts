import { randomUUID } from 'node:crypto'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect, test } from 'vitest'
import { PAGE_RATE } from '../../src/hosted-page/hosted-page.routes.ts'
import { ask } from '../world.ts'
import { hostedPageWorld, RETURN, SECOND } from './hosted-page-world.ts'

const hosted = hostedPageWorld()
const { registered, get, post, pageOf, followed } = hosted

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
  const { identityId } = await registered(hosted.world.key)
  for (const path of [`/verify/${identityId}`, pageOf(identityId)])
    expect((await get(path)).statusCode).toBe(404)
  for (const id of ['x', 'nobody.00000000000000000000000', 'shop.%2e%2e', '%00', 'x'.repeat(2000)]) {
    expect((await get(`/verify/${id}`)).statusCode, id).toBeGreaterThanOrEqual(400)
    expect((await get(`/verify/${id}`)).statusCode, id).toBeLessThan(500)
  }
})

test('a GET changes nothing, whatever it carries: scanners follow links', async () => {
  const { identityId, number } = await registered()
  const mails = hosted.world.smtp.mails.length
  for (const method of ['GET', 'HEAD'] as const) {
    for (const path of [`/verify/${identityId}`, `/verify/${identityId}/resend`]) {
      await hosted.world.app.inject({
        method,
        url: `${path}?${new URLSearchParams({ number, returnTo: RETURN, attempt: 'a' })}`,
      })
    }
  }
  expect(hosted.world.smtp.mails.length).toBe(mails)
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

test('no host of a tenant’s URL adds to the policy', async () => {
  const hostedAt = (host: string) => ({
    returnUrls: [`https://${host}/`],
    mail: { logoUrl: `https://${host}/logo.png` },
  })
  const id = 'policy'
  await hosted.world.persist('/v1/tenants', { id, name: 'Policy', settings: hostedAt('shop.example') })
  // An earlier version has stored such a host, which none takes now.
  const { port } = hosted.world.redis
  const stored = await redisCommand(port, 'GET', `ea:tenant:${id}`)
  await redisCommand(port, 'SET', `ea:tenant:${id}`, stored.replaceAll('shop.example', '*;sandbox'))
  const key = await hosted.world.newKey({ scope: 'tenant', tenantId: 'policy', name: 'tests' })
  const { identityId } = await registered(key)
  const { statusCode, headers } = await get(`/verify/${identityId}`)
  expect(statusCode).toBe(200)
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'nonce-[^']+'; img-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  )
})

test('what is typed and asked for is shown as text', async () => {
  const { identityId } = await registered()
  const nasty = '"><script>alert(1)</script>'
  const { body } = await followed(
    await post(`/verify/${identityId}`, { number: nasty, returnTo: RETURN, attempt: nasty }),
  )
  expect(body).not.toContain('<script')
})

test('wrong numbers are counted as those of verify are, and burn the identity', async () => {
  const boundKey = await hosted.world.newKey({ scope: 'tenant', tenantId: 'bound', name: 'tests' })
  const { identityId, number } = await registered(boundKey)
  const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`
  // With one URL none must be named.
  const first = await post(`/verify/${identityId}`, { number: wrong, attempt: 'a' })
  expect((await followed(first)).body).toContain('This code is not valid')
  expect((await post(`/verify/${identityId}`, { number: wrong, attempt: 'b' })).statusCode).toBe(410)
  expect((await post(`/verify/${identityId}`, { number, attempt: 'c' })).statusCode).toBe(410)
  const other = await registered(boundKey)
  const limited = await post(`/verify/${other.identityId}`, { number: other.number, attempt: 'd' })
  expect((await followed(limited)).body).toMatch(/Try again in \u2068(5[5-9]:\d\d min|1:00 h)/)
})

test('wrong numbers are counted for the client behind the proxy, whatever it writes before its address', async () => {
  const boundKey = await hosted.world.newKey({ scope: 'tenant', tenantId: 'bound', name: 'tests' })
  const app = await hosted.world.another({ trustedProxies: ['127.0.0.1'] })
  const from = async (client: string, { identityId, number }: { identityId: string; number: string }) => {
    const { statusCode, headers } = await app.inject({
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
    return /said=([a-z-]+)/.exec(String(headers.location))?.[1] ?? statusCode
  }
  try {
    for (const host of ['1', '2', 'ffff:1']) {
      const person = await registered(boundKey)
      expect(await from(`2001:db8:1::${host}`, { ...person, number: '00000000' })).toBe('wrong')
    }
    const person = await registered(boundKey)
    // A stranger of the same /64 has used up its tries, and cannot leave it by a header of its own.
    expect(await from('2001:db8:1::3', person)).toBe('limited')
    expect(await from('198.51.100.9, 2001:db8:1:0::4', person)).toBe('limited')
    expect(await from('nonsense,, 2001:DB8:1::5', person)).toBe('limited')
    // The person herself is somewhere else.
    expect(await from('198.51.100.9', person)).toBe(303)
  } finally {
    await app.close()
  }
})

test('a client has 300 requests a minute, so that strangers cannot make the page work; others go on', async () => {
  expect(PAGE_RATE).toEqual({ most: 300, windowMs: 60_000 })
  const headers = { host: 'localhost', 'accept-language': 'fr' }
  const from = (remoteAddress: string, url: string, method: 'GET' | 'POST' = 'GET') =>
    hosted.world.app.inject({ method, url, remoteAddress, headers })
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

test('settings refuse URLs that would be an open redirect', async () => {
  const query =
    'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { returnUrls } } }'
  const set = (returnUrls: string[]) =>
    ask(hosted.world.app, hosted.world.adminKey, query, { input: { id: 'other', settings: { returnUrls } } })
  for (const url of ['http://shop.example.com/', 'https://*.example.com/#', 'javascript:alert(1)', '/back']) {
    expect((await set([url])).errors?.[0]?.extensions, url).toMatchObject({ code: 'BAD_USER_INPUT' })
  }
  expect((await set([SECOND])).data.updateTenant.settings).toEqual({ returnUrls: [SECOND] })
})
