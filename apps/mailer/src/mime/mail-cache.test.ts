import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { from } from '../../test/running-mailer.ts'
import { createMailRenderer, type MailContent } from './mail-cache.ts'
import { createSenderOf } from './sender.ts'

const renderMail = createMailRenderer(createSenderOf(from), [])
const content: MailContent = {
  email: 'ada@example.com',
  number: '123456789012',
  tenantName: 'Demo',
  locale: null,
  remainingMs: 599_900,
  messageId: 'abc@sender.example',
  date: new Date('2026-11-20T10:00:00Z'),
}

async function render(changes: Partial<MailContent> = {}) {
  const raw = await renderMail({ ...content, ...changes })
  const mail = await PostalMime.parse(raw)
  const header = (key: string) => mail.headers.filter((one) => one.key === key).map(({ value }) => value)
  return { raw, mail, header, text: mail.text ?? '', html: mail.html ?? '' }
}

test('the headers are what a machine that mails should send, each once', async () => {
  const { raw, mail, header } = await render()
  expect(mail.from).toMatchObject({ name: 'emailauth', address: 'no-reply@sender.example' })
  expect(mail.to).toEqual([{ name: '', address: 'ada@example.com' }])
  expect(header('message-id')).toEqual(['<abc@sender.example>'])
  expect(header('date')).toEqual(['Fri, 20 Nov 2026 10:00:00 +0000'])
  expect(header('auto-submitted')).toEqual(['auto-generated'])
  expect(header('content-language')).toEqual(['en'])
  expect(header('mime-version')).toEqual(['1.0'])
  expect(header('content-type')[0]).toMatch(/^multipart\/alternative/)
  expect(header('to')).toHaveLength(1)
  expect(raw).toMatch(/^[\x20-\x7e\r\n]*$/)
})

test('number, tenant and validity stand in subject, text and HTML', async () => {
  const { mail, text, html } = await render()
  expect(mail.subject).toBe('1234 5678 9012 is your verification code for Demo')
  expect(text.split('\n')[0]?.trim()).toBe('1234 5678 9012 is your verification code for Demo')
  expect(text).toContain('valid for 10 minutes')
  expect(html).toContain('\n1234 5678 9012\n</td>')
  expect(html).toContain('lang="en"')
  expect(html).toContain('valid for 10 minutes')
})

test('there is nothing to click and nothing to load', async () => {
  const { html } = await render({ tenantName: 'https://evil.example <a href="x">' })
  expect(html).not.toMatch(/<a[\s>]|<img|href=["']|src=["']|url\(|@import/i)
})

test.each(['es', 'es-MX', 'ES', 'es-419'])('%s is Spanish', async (locale) => {
  const { mail, text, header } = await render({ locale, tenantName: 'Peña' })
  expect(mail.subject).toBe('1234 5678 9012 es tu código de verificación para Peña')
  expect(text).toContain('Vale durante 10 minutos')
  expect(header('content-language')).toEqual(['es'])
})

test.each([null, 'tlh', 'e', 'constructor', 'C', '', '\u0000'])(
  '%s falls back to English',
  async (locale) => {
    expect((await render({ locale })).mail.subject).toContain('is your verification code')
  },
)

test.each([
  ['CR/LF', 'Demo\r\nBcc: eve@example.com\r\n\r\nbody', 'Demo Bcc: eve@example.com body'],
  ['a line separator', 'De\u2028mo\u0085x', 'De mo x'],
  ['quotes', `"Demo" 'n' co`, `"Demo" 'n' co`],
  ['emoji', 'Demo 👩‍🚀🇪🇸 日本', 'Demo 👩‍🚀🇪🇸 日本'],
  ['mark-up', '<script>alert(1)</script> & <b>x', '<script>alert(1)</script> & <b>x'],
  ['what looks like an encoded word', '=?UTF-8?Q?Demo?=', '= ?UTF-8?Q?Demo?='],
  ['turned direction', 'Demo\u202egnp.exe\u2066', 'Demo gnp.exe'],
  ['names of our placeholders', '{number} {valid} {tenant} $& $1', '{number} {valid} {tenant} $& $1'],
  ['another script', '日本語'.repeat(26), '日本語'.repeat(26)],
  ['80 letters', 'ñ'.repeat(80), 'ñ'.repeat(80)],
  ['80 words', 'a '.repeat(39).trim(), 'a '.repeat(39).trim()],
  ['a name without end', 'x'.repeat(1000), `${'x'.repeat(79)}…`],
  ['a number', '1234 5678 9012', '1234 5678 9012'],
])('a tenant named with %s does no harm and can be read', async (_name, tenantName, shown) => {
  const { raw, mail, text, html, header } = await render({ tenantName })
  expect(mail.subject).toBe(`1234 5678 9012 is your verification code for ${shown}`)
  expect(text.split('\n')[0]?.trim()).toBe(`1234 5678 9012 is your verification code for ${shown}`)
  expect(html).not.toMatch(/<script|<b>/)
  expect(html).toContain(
    shown
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  )
  expect(header('bcc')).toEqual([])
  expect(raw).toMatch(/^Subject: 1234 5678 9012\s/m)
  expect(raw).toMatch(/^[\x20-\x7e\r\n]*$/)
  for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
})

test.each(['1234', '12345678', '1'.repeat(32)])('a number of any length: %s', async (number) => {
  const { mail, text, html } = await render({ number, tenantName: 'ü'.repeat(80) })
  for (const part of [mail.subject, text, html]) expect(part?.replaceAll(' ', '')).toContain(number)
})

test('a mail is compiled once, and each message still has its own number, address, id and date', async () => {
  const boundary = (raw: string) => /boundary="([^"]+)"/.exec(raw)?.[1]
  const first = await render()
  const second = await render({
    email: 'bob@example.com',
    number: '998877665544',
    messageId: 'def@sender.example',
    date: new Date('2026-11-21T00:00:00Z'),
    remainingMs: 600_000,
  })
  expect(boundary(second.raw)).toBe(boundary(first.raw))
  expect(second.raw).not.toMatch(/1234|ada@|abc@|20 Nov/)
  expect(second.mail.to?.[0]?.address).toBe('bob@example.com')
  expect(second.text).toContain('9988 7766 5544')
  expect(boundary((await render({ tenantName: 'Other' })).raw)).not.toBe(boundary(first.raw))
})

test('the last 500 mails are kept compiled', async () => {
  const rendered = createMailRenderer(createSenderOf(from), [])
  const boundaryOf = async (tenantName: string) =>
    /boundary="([^"]+)"/.exec(await rendered({ ...content, tenantName }))?.[1]
  const first = await boundaryOf('First')
  const second = await boundaryOf('Second')
  for (let at = 3; at <= 501; at++) await boundaryOf(`Tenant ${at}`)
  expect(await boundaryOf('Second')).toBe(second)
  expect(await boundaryOf('First')).not.toBe(first)
})
