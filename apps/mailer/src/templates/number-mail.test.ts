import { LANGUAGES } from '@emailauth/contracts/languages'
import type { MailSettings } from '@emailauth/contracts/mail-settings'
import { findTypedNumber } from '@emailauth/contracts/typed-number'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { from } from '../../test/running-mailer.ts'
import { createMailRenderer } from '../mime/mail-cache.ts'
import { createSenderOf } from '../mime/sender.ts'

const renderMail = createMailRenderer(createSenderOf(from), [])

async function render(locale: string, mail?: MailSettings, tenantName = 'Acme (prod) Ltd') {
  const raw = await renderMail({
    email: 'ada@example.com',
    number: '123456789012',
    tenantName,
    locale,
    mail,
    remainingMs: 600_000,
    messageId: 'abc@sender.example',
    date: new Date('2026-11-20T10:00:00Z'),
  })
  const parsed = await PostalMime.parse(raw)
  return { raw, subject: parsed.subject ?? '', text: parsed.text ?? '', html: parsed.html ?? '' }
}

const FULL: MailSettings = {
  logoUrl: `https://cdn.example/${'x'.repeat(60)}.png`,
  linkTemplate: `https://shop.example/${'y'.repeat(60)}#{number}`,
  colour: '#aa0000',
}

test.each(LANGUAGES)(
  '%s: at most 10 kB with everything in it, text beside HTML, the code in both',
  async (language) => {
    const { raw, subject, text, html } = await render(language, FULL)
    expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(10 * 1024)
    for (const part of [subject, text, html]) expect(part).toContain('1234 5678 9012')
    for (const part of [subject, text, html]) expect(part).not.toMatch(/\{\w+\}|undefined/)
    for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
  },
)

test.each(LANGUAGES)(
  '%s: the number is found in the subject and in each line that has it',
  async (language) => {
    const { subject, text } = await render(language)
    const lines = [subject, ...text.split('\n')].filter((line) => line.includes('1234 5678 9012'))
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(findTypedNumber(line), line).toBe('123456789012')
  },
)

test.each(LANGUAGES)("%s: digits in a tenant's name are not taken for the number", async (language) => {
  for (const tenant of ['2000', 'Shop 2000', 'Studio1871', '© 2026 Acme']) {
    const { subject, text } = await render(language, undefined, tenant)
    const { subject: silent } = await render(language, { codeInSubject: false }, tenant)
    for (const line of [subject, silent, ...text.split('\n').map((line) => line.trimEnd())]) {
      const expected = line.includes('1234 5678 9012') ? '123456789012' : undefined
      expect(findTypedNumber(line), line).toBe(expected)
    }
    // A browser joins the lines of a paste.
    expect(findTypedNumber(text.replaceAll('\n', ' ')), tenant).toBe('123456789012')
  }
})

test.each(['ar', 'he', 'fa'])('%s runs from right to left, its code from left to right', async (language) => {
  const { html, subject, text } = await render(language)
  expect(html).toMatch(/<html[^>]* dir="rtl"/)
  expect(html).toMatch(/<td class="number"[^>]* dir="ltr">\s*1234 5678 9012\s*</)
  for (const part of [subject, text]) {
    // The mark before the code keeps its groups in order.
    expect(part.replaceAll('\u200e ', '\u200e')).toMatch(/^\u200f\u200e1234 5678 9012 /)
  }
})

const quiet = '1234 5678 9012'
test('a tenant can keep the code out of what is seen before a mail is opened', async () => {
  const { subject, text, html } = await render('en', { codeInSubject: false })
  expect(subject).toBe('Your verification code for Acme (prod) Ltd')
  expect(text).toContain(quiet)
  const preview = /display:none[^>]*>([^<]*)</.exec(html)?.[1] ?? ''
  expect(preview).not.toContain(quiet)
  expect(preview.length).toBeGreaterThan(150)
  expect(html.split(quiet)).toHaveLength(2)
})

const OWN: MailSettings = {
  texts: [
    {
      language: 'es-ES',
      subject: 'Entra en {tenant}: {code}',
      heading: 'Hola <b>& "amigo"',
      intro: 'Escríbelo en {valid}.',
      footer: '{tenant} S. L.',
    },
    { language: 'de', heading: 'Willkommen bei {tenant}' },
  ],
}

test('its own words replace ours, in their language only, and are escaped', async () => {
  const spanish = await render('es-MX', OWN)
  expect(spanish.subject).toBe('Entra en Acme (prod) Ltd: 1234 5678 9012')
  expect(spanish.html).toContain('Hola &lt;b&gt;&amp; &quot;amigo&quot;')
  expect(spanish.text).toContain('Escríbelo en 10 minutos.')
  expect(spanish.text).toContain('Acme (prod) Ltd S. L.')
  expect(spanish.text).toContain('No se lo digas a nadie')
  expect(spanish.text).not.toContain('¿No lo has pedido?')
  const german = await render('de', OWN)
  expect(german.html).toContain('Willkommen bei Acme (prod) Ltd')
  expect(german.subject).toContain('ist Ihr Bestätigungscode')
  expect((await render('en', OWN)).subject).toContain('is your verification code')
})

test.each([
  ['Ihr Zugang', undefined, 'Ihr Zugang'],
  ['Ihr Zugang', false, 'Ihr Zugang'],
  ['{code}: Ihr Zugang', undefined, '1234 5678 9012: Ihr Zugang'],
  ['{code}: Ihr Zugang', false, 'Ihr Bestätigungscode für Acme'],
  [`${'ü'.repeat(100)} {code}`, undefined, `${'ü'.repeat(100)} 1234 5678 9012`],
])('subject %j with codeInSubject %s', async (own, codeInSubject, expected) => {
  const mail: MailSettings = { texts: [{ language: 'de', subject: own }] }
  const { subject } = await render('de', codeInSubject === false ? { ...mail, codeInSubject } : mail, 'Acme')
  expect(subject).toBe(expected)
})
