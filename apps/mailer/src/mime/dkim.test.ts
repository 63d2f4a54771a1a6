import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import DKIM from 'nodemailer/lib/dkim'
import { expect, test } from 'vitest'
import { from } from '../../test/running-mailer.ts'
import { readDkimKey, signDkim } from './dkim.ts'
import { parseDkimKeys } from './dkim-keys.ts'
import { createMailRenderer } from './mail-cache.ts'
import { createSenderOf } from './sender.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

const message =
  'Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@sender.example>\r\nTo: ada@example.com\r\n' +
  'Subject: =?UTF-8?Q?n=C3=BAmero?=\r\n 1234  5678\r\nFrom: emailauth <no-reply@sender.example>\r\nMIME-Version: 1.0\r\n' +
  'Content-Type: text/plain\r\n\r\nfirst  line \t\r\n\r\nlast line\r\n\r\n\r\n'

function tag(header: string, name: string): string {
  const value =
    new RegExp(`(?:^|[;\\s])${name}=([^;]*)`).exec(header.slice(header.indexOf(':') + 1))?.[1] ?? ''
  return value.replace(/\s+/g, '')
}

/** Verifies as a receiver does. Written from RFC 6376, independent of the code under test. */
function isGenuine(signed: string, publicKey: KeyObject): boolean {
  const [head = '', ...rest] = signed.split('\r\n\r\n')
  const fields = head.replace(/\r\n[ \t]/g, ' ').split('\r\n')
  const relaxed = (field: string) => {
    const [name = '', ...value] = field.split(':')
    return `${name.toLowerCase().trim()}:${value.join(':').replace(/\s+/g, ' ').trim()}`
  }
  const signature = fields.find((field) => field.startsWith('DKIM-Signature')) ?? ''
  const body = rest
    .join('\r\n\r\n')
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trimEnd())
    .join('\r\n')
    .replace(/(\r\n)*$/, '\r\n')
  if (createHash('sha256').update(body).digest('base64') !== tag(signature, 'bh')) return false
  const left = [...fields]
  const picked = tag(signature, 'h')
    .split(':')
    .flatMap((name) => {
      const at = left.findLastIndex((field) => field.toLowerCase().startsWith(`${name}:`))
      return at === -1 ? [] : left.splice(at, 1).map((field) => `${relaxed(field)}\r\n`)
    })
  const data = Buffer.from(picked.join('') + relaxed(signature.replace(/b=[^;]*$/, 'b=')))
  const bytes = Buffer.from(tag(signature, 'b'), 'base64')
  return tag(signature, 'a') === 'rsa-sha256'
    ? verify('sha256', data, publicKey, bytes)
    : verify(null, createHash('sha256').update(data).digest(), publicKey, bytes)
}

test.each([
  ['rsa', rsa],
  ['ed25519', ed25519],
])('a %s signature holds, and breaks with every change', (_name, { privateKey, publicKey }) => {
  const signed = signDkim(readDkimKey('sender.example', 's1', pem(privateKey)), message) + message
  expect(isGenuine(signed, publicKey)).toBe(true)
  expect(isGenuine(signed.replace('last line', 'lost line'), publicKey)).toBe(false)
  expect(isGenuine(signed.replace('To: ada', 'To: eve'), publicKey)).toBe(false)
  expect(isGenuine(signed.replace('From: ', 'From: eve@x.example\r\nFrom: '), publicKey)).toBe(false)
  for (const line of signed.split('\r\n')) expect(line.length).toBeLessThan(120)
})

test('the body is hashed as nodemailer hashes it', async () => {
  const ours = signDkim(readDkimKey('sender.example', 's1', pem(rsa.privateKey)), message)
  const options = { domainName: 'sender.example', keySelector: 's1', privateKey: pem(rsa.privateKey) }
  const chunks: Buffer[] = []
  for await (const chunk of new DKIM(options).sign(message)) chunks.push(Buffer.from(chunk))
  const theirs = Buffer.concat(chunks).toString().split('\r\nDate:')[0] ?? ''
  expect(tag(theirs, 'bh')).not.toBe('')
  expect(tag(ours, 'bh')).toBe(tag(theirs, 'bh'))
})

test('mails of the domain and those below it are signed by all its keys, others by none', async () => {
  const keys = [
    readDkimKey('sender.example', 'r', pem(rsa.privateKey)),
    readDkimKey('sender.example', 'e', pem(ed25519.privateKey)),
    readDkimKey('other.example', 'o', pem(ed25519.privateKey)),
  ]
  const renderMail = createMailRenderer(createSenderOf(from), keys)
  const content = {
    email: 'ada@example.com',
    number: '123456789012',
    tenantName: 'Peña',
    locale: 'es',
    remainingMs: 600_000,
    messageId: 'abc@sender.example',
    date: new Date('2026-11-20T10:00:00Z'),
  }
  // Where a line would begin with a dot, the signature covers the dot as it is encoded.
  const signed = await renderMail({ ...content, tenantName: '.'.repeat(80) })
  expect(signed).toMatch(/^(?:=2E)+=\r$/m)
  expect(signed).not.toMatch(/^\./m)
  expect(signed.match(/^DKIM-Signature: /gm)).toHaveLength(2)
  const [first = '', second = ''] = signed.split(/(?=^DKIM-Signature)/m)
  const mail = second.slice(second.indexOf('\r\nDate:') + 2)
  expect(isGenuine(first + mail, rsa.publicKey)).toBe(true)
  expect(isGenuine(second, ed25519.publicKey)).toBe(true)
  const below = await renderMail({ ...content, mail: { senderAddress: 'a@mail.other.example' } })
  expect(below).toContain('d=other.example; s=o;')
  const stranger = await renderMail({ ...content, mail: { senderAddress: 'a@nother.example' } })
  expect(stranger).not.toContain('DKIM-Signature')
})

test('keys are read from files; a weak, a wrong and a missing one are refused without the key in the sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-dkim-'))
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const files = { good: ed25519.privateKey, weak, ec }
  for (const [name, key] of Object.entries(files)) await writeFile(join(folder, name), pem(key))
  expect(parseDkimKeys(`a.example:s1:${folder}/good, b.example:s2:${folder}/good`)).toMatchObject([
    { domain: 'a.example', selector: 's1' },
    { domain: 'b.example', selector: 's2' },
  ])
  expect(() => parseDkimKeys(`a.example:s:${folder}/weak`)).toThrow('at least 2048 bits')
  expect(() => parseDkimKeys(`a.example:s:${folder}/ec`)).toThrow('RSA or Ed25519')
  expect(() => parseDkimKeys(`a.example:s:${folder}/none`)).toThrow('no key to be read')
  for (const wrong of ['', 'a.example', 'a.example:s', 'A b:s:/x']) {
    expect(() => parseDkimKeys(wrong)).toThrow('must be domain:selector:')
  }
  await rm(folder, { recursive: true })
})
