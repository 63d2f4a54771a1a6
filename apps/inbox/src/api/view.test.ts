import type { FastifyInstance } from 'fastify'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildInboxApp } from '../app.ts'
import { htmlForView } from '../mail/html-for-view.ts'
import { readMail } from '../mail/mail.ts'
import { createMessageStore } from '../store.ts'

const store = createMessageStore()
let app: FastifyInstance
let id: string

beforeAll(async () => {
  app = await buildInboxApp(store)
  const { message } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    text: 'words',
    html: '<!doctype html><script>alert(1)</script><img src="cid:a">',
    attachments: [
      { filename: 'a.svg', cid: 'a', content: '<svg onload="alert(1)"/>', contentDisposition: 'inline' },
      { filename: 'b.html', content: '<script>alert(1)</script>' },
      { filename: "x'\r\n\u2028;=é.txt", content: 'text', contentType: 'text/plain' },
      { filename: 'odd', content: 'text', contentType: 'x/y\u0000z' },
    ],
  })
  id = store.add(await readMail(message as Buffer, { from: '', to: ['a@b.test'] })).id
})
afterAll(() => app.close())

test('the HTML of a mail runs nothing, sends nothing and has no origin', async () => {
  for (const [query, pictures] of [
    ['', "img-src 'self' data:;"],
    ['?remote=1', "img-src 'self' data: https: http:;"],
  ]) {
    const policy = String((await app.inject(`/view/${id}.html${query}`)).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'none'")
    expect(policy).toContain(pictures)
    expect(policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox$/)
    expect(policy).not.toMatch(/script-src|allow-scripts|allow-same-origin/)
  }
})

test.each([
  ['1', 'image/svg+xml', 'inline; '],
  ['2', 'text/html', 'attachment; '],
  ['3', 'text/plain', "inline; filename*=UTF-8''"],
])('part %s is of type %s and cannot run', async (part, type, disposition) => {
  const { headers, statusCode } = await app.inject(`/api/v1/message/${id}/part/${part}`)
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toContain(type)
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox$/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-disposition']).toContain(disposition)
  expect(String(headers['content-disposition'])).toMatch(/^[\x20-\x7e]+$/)
})

test.each(['0', '5', '-1', 'x', '1e9', '1.5'])('there is no part %s', async (part) => {
  expect((await app.inject(`/api/v1/message/${id}/part/${part}`)).statusCode).toBe(404)
})

test('the source is offered as a file when asked for', async () => {
  const reply = await app.inject(`/api/v1/message/${id}/raw?dl=1`)
  expect(reply.headers['content-disposition']).toBe(`attachment; filename="${id}.eml"`)
})

test.each([
  ['latest', () => `/#/message/${id}`],
  ['x', () => '/'],
])("Mailpit's address of the page, /view/%s, leads to it", async (name, location) => {
  const reply = await app.inject(`/view/${name}`)
  expect([reply.statusCode, reply.headers.location]).toEqual([302, location()])
})

test('a mail without HTML, and one that is not there, have no HTML view', async () => {
  const plain = store.add(await readMail(Buffer.from('\r\nwords'), { from: '', to: [] }))
  expect((await app.inject(`/view/${plain.id}.html`)).statusCode).toBe(404)
  expect((await app.inject(`/view/${plain.id}.txt`)).body.trim()).toBe('words')
  expect((await app.inject('/view/x.html')).statusCode).toBe(404)
})

test('embedded pictures are linked, unknown ones stay', () => {
  const parts = new Map([['a@b', '/p/1']])
  const html = `<img src="cid:a@b"><img src=cid:a%40b><p style="background:url('cid:a@b')">cid:a@b<img src='cid:c'>`
  expect(htmlForView(html, { parts, opensTabs: false, scheme: undefined })).toBe(
    `<img src="/p/1"><img src=/p/1><p style="background:url('/p/1')">cid:a@b<img src='cid:c'>`,
  )
})

test('a colour scheme holds for the whole mail, and the doctype stays first', () => {
  const html =
    '<!doctype html><meta name="color-scheme" content="light dark"><style>:root{color-scheme: light dark}@media (prefers-color-scheme: dark){a{}}@media (prefers-color-scheme:light){b{}}</style>'
  expect(htmlForView(html, { parts: new Map(), opensTabs: true, scheme: 'dark' })).toBe(
    '<!doctype html><base target="_blank"><meta name="color-scheme" content="dark"><style>:root{color-scheme: dark}@media all{a{}}@media not all{b{}}</style>',
  )
})
