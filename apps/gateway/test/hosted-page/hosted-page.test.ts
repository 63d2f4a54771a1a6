import { randomUUID } from 'node:crypto'
import { groupDigits } from '@emailauth/contracts/group-digits'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { createAttemptNames } from '../../src/hosted-page/results.ts'
import { en } from '../../src/hosted-page/texts/en.ts'
import { hostedPageWorld, RETURN, SECOND } from './hosted-page-world.ts'

const hosted = hostedPageWorld()
const { registered, get, post, followed, pageOf, exchange } = hosted

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
  expect(await exchange(identityId, result, hosted.world.otherKey)).toMatchObject({
    __typename: 'WrongCredentials',
  })
  expect(await exchange(identityId, result)).toEqual({
    __typename: 'Verified',
    identityId,
    email,
    token: 'the token',
  })
  expect(await exchange(identityId, result)).toMatchObject({ __typename: 'WrongCredentials' })
  // The page is over too.
  expect((await get(pageOf(identityId))).statusCode).toBe(410)
  for (const secret of [number, result ?? '', 'the token'])
    expect(hosted.world.log.join('')).not.toContain(secret)
})

test.each([
  ['a line of the mail', (mailed: string) => `Your Shop 2000 code: ${mailed}`],
  ['a line in Chinese, without spaces', (mailed: string) => `验证码${mailed.replaceAll(' ', '')}`],
  ['dashes and spaces around', (mailed: string) => ` ${mailed.replaceAll(' ', '\u2011')}\u00a0`],
  ['Arabic digits', (mailed: string) => `رمزك: ${toArabic(mailed)}`],
])('%s is pasted, and read', async (_what, paste) => {
  const { identityId, number } = await registered()
  const typed = paste(groupDigits(number))
  const done = await post(`/verify/${identityId}`, { number: typed, returnTo: RETURN, attempt: 'a' })
  expect(String(done.headers.location).startsWith(`${RETURN}&`)).toBe(true)
})

test('the result of a pasted line is the one that a gateway of an earlier build derives', async () => {
  const { identityId, number } = await registered()
  const typed = `Your code: ${groupDigits(number)}`
  const done = await post(`/verify/${identityId}`, { number: typed, returnTo: RETURN, attempt: 'a' })
  const namesOf = createAttemptNames(hosted.world.env.EMAILAUTH_SERVICE_TOKEN)
  const { result } = namesOf({ identityId, attempt: 'a', number: typed })
  expect(new URL(String(done.headers.location)).searchParams.get('result')).toBe(result)
})

const toArabic = (digits: string) =>
  digits.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))

test('a form that is sent twice brings one result', async () => {
  const { identityId, number } = await registered()
  const fields = { number, returnTo: RETURN, attempt: randomUUID() }
  const answers = await Promise.all([1, 2, 3].map(() => post(`/verify/${identityId}`, fields)))
  expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1)
  expect(answers[0]?.statusCode).toBe(303)
  // A caller without the form cannot get it.
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
  const before = hosted.world.log.length
  const answer = await post(`/verify/${identityId}`, { number, returnTo: RETURN, attempt: 'a' })
  expect((await followed(answer)).body).toContain('This code is not valid')
  expect(hosted.world.log.slice(before).join('')).not.toContain('could not be shown')
})

test('a tenant that was disabled a moment ago is refused, and no fault in the log', async () => {
  await hosted.world.persist('/v1/tenants', {
    id: 'closing',
    name: 'Closing',
    settings: { returnUrls: [RETURN] },
  })
  const closing = await hosted.world.newKey({ scope: 'tenant', tenantId: 'closing', name: 'tests' })
  const { identityId } = await registered(closing)
  // This gateway remembers the tenant for some seconds.
  expect((await get(`/verify/${identityId}`)).statusCode).toBe(200)
  const before = hosted.world.log.length
  const disabled = await fetch(`${hosted.world.persistence.url}/v1/tenants/closing`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${hosted.world.env.EMAILAUTH_SERVICE_TOKEN}`,
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
  expect(hosted.world.log.slice(before).join('')).not.toContain('could not be shown')
})

test('REST exchanges it as well', async () => {
  const { identityId, number } = await registered()
  const done = await post(`/verify/${identityId}`, { number, returnTo: SECOND, attempt: 'a' })
  const result = new URL(String(done.headers.location)).searchParams.get('result')
  const headers = { authorization: `Bearer ${hosted.key}`, 'idempotency-key': 'mine' }
  const call = () =>
    hosted.world.app.inject({
      method: 'POST',
      url: '/v1/exchanges',
      headers,
      payload: { identityId, result },
    })
  expect((await call()).json()).toMatchObject({ identityId, token: 'the token' })
  // A lost answer is repeated under the same key only.
  expect((await call()).json()).toMatchObject({ identityId, token: 'the token' })
  headers['idempotency-key'] = 'other'
  expect((await call()).json()).toMatchObject({ code: 'wrong-credentials' })
})

/** Seconds after which a form offers the resend; undefined: at once. */
const offeredAfter = ({ body }: { readonly body: string }) => {
  const seconds = /\.resend button\{animation:come 0s (\d+)s both\}/.exec(body)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

/** The fields of the form for the number, as a browser sends them. */
const fieldsOf = ({ body }: { readonly body: string }): Record<string, string> => {
  const [form = ''] = /<form [^>]*>.*?<\/form>/s.exec(body) ?? []
  const hidden = form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)
  return Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value]))
}

test('the number is mailed again within the limits', async () => {
  const { email, identityId } = await registered()
  const path = `/verify/${identityId}/resend`
  const again = await followed(await post(path, { returnTo: RETURN }))
  expect(again.body).toContain('The code was sent again.')
  expect(hosted.world.smtp.mails.filter(({ to }) => to.includes(email))).toHaveLength(2)
  // A page that is loaded again must not ask whether to send the form again.
  const third = await followed(await post(path, { returnTo: RETURN }))
  expect(third.body).toMatch(/Too many tries\. Try again in \u2068(5[5-9]:\d\d min|1:00 h)/)
  // Offered when it is really allowed. Such a long wait is shown, not counted down.
  expect(offeredAfter(third)).toBeGreaterThan(3000)
  expect(third.body).not.toContain('@property')
})

test('a wrong number after a resend, or after one that was refused, leaves the wait as it is', async () => {
  const { identityId, number } = await registered()
  const typedWrong = async (form: Awaited<ReturnType<typeof followed>>) => {
    const fields = { ...fieldsOf(form), number: `${number.slice(1)}${number[0]}` }
    const answer = await followed(await post(`/verify/${identityId}`, fields))
    expect(answer.body).toContain('This code is not valid')
    return answer
  }
  const resent = () => post(`/verify/${identityId}/resend`, { returnTo: RETURN })
  // This tenant has no wait after the first mail, nor after the second. The limit alone says when.
  expect(offeredAfter(await typedWrong(await followed(await resent())))).toBeUndefined()
  const refused = await typedWrong(await followed(await resent()))
  expect(offeredAfter(refused)).toBeGreaterThan(3000)
  expect(offeredAfter(await typedWrong(refused))).toBeGreaterThan(3000)
})

test('the form after an act says what the act has done, and counts to the times that the act has named', async () => {
  const settings = { returnUrls: [RETURN], mailsPerAddress: [{ max: 1, windowSeconds: 600 }] }
  await hosted.world.persist('/v1/tenants', { id: 'once', name: 'Once', settings })
  const { identityId } = await registered(
    await hosted.world.newKey({ scope: 'tenant', tenantId: 'once', name: 'tests' }),
  )
  const formAfter = (query: Record<string, string>) =>
    get(`/verify/${identityId}?${new URLSearchParams(query)}`)
  const inSeconds = (seconds: number) => String(Date.now() + seconds * 1000)

  const resent = await formAfter({ said: 'resent', resendAt: inSeconds(900) })
  expect(resent.body).toContain('The code was sent again.')
  expect(offeredAfter(resent)).toBeGreaterThan(600)
  expect(offeredAfter(await formAfter({ said: 'resent', resendAt: inSeconds(-1) }))).toBeUndefined()
  // Whatever else a link has there, the wait is that of the registration, and no longer than a day.
  for (const resendAt of ['9e99', 'x', '', '-1', '1'.repeat(16)])
    expect(offeredAfter(await formAfter({ said: 'resent', resendAt }))).toBeLessThanOrEqual(600)
  expect(offeredAfter(await formAfter({ resendAt: '9'.repeat(15) }))).toBe(86_400)

  const limited = await formAfter({ said: 'limited', until: inSeconds(900) })
  expect(limited.body).toMatch(/Try again in \u2068(14:\d\d|15:00) min/)
  for (const until of [inSeconds(-1), 'x', ''])
    expect((await formAfter({ said: 'limited', until })).body).not.toContain('Too many tries')
  expect((await formAfter({ said: 'rejected' })).body).toContain(en.rejected)
  const { body } = await formAfter({ said: '<script>' })
  for (const text of ['script', en.resent, en.wrong, en.rejected, 'Too many'])
    expect(body).not.toContain(text)
})

test('the resend is offered when the next mail is allowed, counted down without a script', async () => {
  await hosted.world.persist('/v1/tenants', { id: 'slow', name: 'Slow', settings: { returnUrls: [RETURN] } })
  const slowKey = await hosted.world.newKey({ scope: 'tenant', tenantId: 'slow', name: 'tests' })
  const { identityId } = await registered(slowKey)
  const form = await get(`/verify/${identityId}`)
  const seconds = offeredAfter(form)
  const { body } = form
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(30)
  expect(body).toContain(`Send the code again in <span class="time" dir="ltr"><b>${seconds} s</b></span>`)
  expect(body).toContain('<button class="quiet">Send the code again</button>')
  expect(body).toContain(`@keyframes left{from{--s:${seconds}}}`)
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
  await hosted.world.persist('/v1/tenants', { id: 'souq', name: 'Souq', settings })
  const souqKey = await hosted.world.newKey({ scope: 'tenant', tenantId: 'souq', name: 'tests' })
  const { identityId } = await registered(souqKey)
  const { body } = await get(`/verify/${identityId}`, { 'accept-language': 'tlh' })
  expect(body).toContain('<html lang="ar" dir="rtl">')
  expect(body).toContain('أرسل \u2068Souq\u2069 رمزًا إلى')
})
