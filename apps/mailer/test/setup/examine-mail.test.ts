import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { startDns, type TestDns, type TestRecords } from '@emailauth/testing/dns'
import { afterEach, expect, test } from 'vitest'
import { readDkimKey } from '../../src/mime/dkim.ts'
import { parseMailbox } from '../../src/mime/mailbox.ts'
import { examineMail, type MailSetup } from '../../src/setup/examine-mail.ts'
import type { MailFinding } from '../../src/setup/finding.ts'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ED25519 = generateKeyPairSync('ed25519').privateKey
const pem = (key: typeof RSA) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const spki = createPublicKey(RSA).export({ type: 'spki', format: 'der' })
const RSA_RECORD = `v=DKIM1; k=rsa; p=${spki.toString('base64')}`
const ed25519 = createPublicKey(ED25519).export({ type: 'spki', format: 'der' }).subarray(-32)

const setup: MailSetup = {
  smtpServers: [],
  from: parseMailbox('Acme <no-reply@acme.example>'),
  clientName: 'mail.acme.example',
  dkimKeys: [readDkimKey('acme.example', 's1', pem(RSA)), readDkimKey('acme.example', 's2', pem(ED25519))],
  bounceAddress: 'bounces@bounces.acme.example',
}

/** As it should be. The addresses are public ones, and nothing is sent to them. */
const good: Readonly<Record<string, TestRecords>> = {
  'acme.example': { MX: ['mx.acme.example'] },
  'bounces.acme.example': {
    MX: ['mx.acme.example'],
    TXT: ['v=spf1 include:_spf.relay.example -all', 'other'],
  },
  '_spf.relay.example': { TXT: [['v=spf1 ip4:11.22.', '33.0/24 -all']] },
  's1._domainkey.acme.example': { TXT: [[RSA_RECORD.slice(0, 250), RSA_RECORD.slice(250)]] },
  's2._domainkey.acme.example': { TXT: [`v=DKIM1; k=ed25519; p=${ed25519.toString('base64')}`] },
  '_dmarc.acme.example': { TXT: ['v=DMARC1; p=quarantine; rua=mailto:d@acme.example'] },
  'mx.acme.example': { A: ['11.22.33.5'] },
  'mail.acme.example': { A: ['11.22.33.44'] },
  '44.33.22.11.in-addr.arpa': { PTR: ['mail.acme.example'] },
}

let dns: TestDns | undefined
afterEach(async () => {
  await dns?.stop()
  dns = undefined
})

async function examine(changes: Readonly<Record<string, TestRecords>> = {}, of: Partial<MailSetup> = {}) {
  dns = await startDns({ ...good, ...changes })
  return examineMail({ ...setup, ...of }, { dns: dns.server })
}
const of = (findings: readonly MailFinding[], name: string) => findings.filter((one) => one.name === name)
const states = (findings: readonly MailFinding[]) =>
  Object.fromEntries(findings.map(({ name, state }) => [name, state]))

test('a sender that is set up right: every look-up is ok', async () => {
  const findings = await examine()
  expect(states(findings)).toEqual({
    Sender: 'ok',
    SPF: 'ok',
    'DKIM s1': 'ok',
    'DKIM s2': 'ok',
    DMARC: 'ok',
    MX: 'ok',
    PTR: 'ok',
  })
  expect(of(findings, 'SPF')[0]?.detail).toContain('covers 11.22.33.44')
  expect(of(findings, 'DMARC')[0]?.detail).toContain('policy quarantine, aligned by DKIM and SPF')
})

test('an empty DNS: each finding says what to publish', async () => {
  dns = await startDns({})
  const findings = await examineMail(setup, { dns: dns.server })
  expect(states(findings)).toEqual({
    Sender: 'ok',
    SPF: 'fail',
    'DKIM s1': 'fail',
    'DKIM s2': 'fail',
    DMARC: 'fail',
    MX: 'fail',
    PTR: 'skip',
  })
  expect(of(findings, 'DKIM s1')[0]?.fix).toContain(RSA_RECORD)
  expect(of(findings, 'PTR')[0]?.detail).toContain('not looked at')
})

test.each<[string, string, MailFinding['state'], RegExp, Record<string, TestRecords>]>([
  [
    'two records',
    'SPF',
    'fail',
    /2 SPF records/,
    { 'bounces.acme.example': { TXT: ['v=spf1 -all', 'v=spf1 +all'] } },
  ],
  ['+all', 'SPF', 'warn', /allows everybody/, { 'bounces.acme.example': { TXT: ['v=spf1 +all'] } }],
  [
    'no cover',
    'SPF',
    'warn',
    /does not cover 11.22.33.44/,
    { '_spf.relay.example': { TXT: ['v=spf1 ip4:9.9.9.9 -all'] } },
  ],
  ['a broken include', 'SPF', 'fail', /cannot be evaluated/, { '_spf.relay.example': {} }],
  [
    'an endless include',
    'SPF',
    'fail',
    /cannot be evaluated/,
    { '_spf.relay.example': { TXT: ['v=spf1 include:_spf.relay.example -all'] } },
  ],
  [
    'another key',
    'DKIM s1',
    'fail',
    /another key/,
    { 's1._domainkey.acme.example': { TXT: [`k=rsa; p=${ed25519.toString('base64')}`] } },
  ],
  ['a revoked key', 'DKIM s2', 'fail', /revoked/, { 's2._domainkey.acme.example': { TXT: ['v=DKIM1; p='] } }],
  [
    'test mode',
    'DKIM s1',
    'warn',
    /test mode/,
    { 's1._domainkey.acme.example': { TXT: [`${RSA_RECORD}; t=y:s`] } },
  ],
  ['policy none', 'DMARC', 'warn', /policy none/, { '_dmarc.acme.example': { TXT: ['v=DMARC1; p=none'] } }],
  [
    'no policy',
    'DMARC',
    'fail',
    /no policy/,
    { '_dmarc.acme.example': { TXT: ['v=DMARC1; rua=mailto:x@y.example'] } },
  ],
  [
    'null MX',
    'MX',
    'fail',
    /takes no mail/,
    { 'bounces.acme.example': { ...good['bounces.acme.example'], MX: [''] } },
  ],
  ['a dead MX', 'MX', 'fail', /gone.acme.example/, { 'bounces.acme.example': { MX: ['gone.acme.example'] } }],
  [
    'another PTR',
    'PTR',
    'warn',
    /is called host44.isp.example/,
    { '44.33.22.11.in-addr.arpa': { PTR: ['host44.isp.example'] } },
  ],
  ['no answer', 'DMARC', 'warn', /DNS gave no answer/, { '_dmarc.acme.example': { fails: true } }],
])('%s: %s is %s', async (_, name, state, detail, changes) => {
  const [finding] = of(await examine(changes), name)
  expect(finding).toMatchObject({ state, detail: expect.stringMatching(detail) })
  expect(finding?.fix).toBeTruthy()
})

test('alignment: by strictness, by organization, and by nothing', async () => {
  const dmarc = async (record: string, changes: Partial<MailSetup>) =>
    of(await examine({ '_dmarc.acme.example': { TXT: [record] } }, changes), 'DMARC')[0]
  expect(await dmarc('v=DMARC1; p=reject; aspf=s', {})).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/aligned by DKIM$/),
  })
  await dns?.stop()
  expect(await dmarc('v=DMARC1; p=reject', { dkimKeys: [] })).toMatchObject({
    state: 'warn',
    detail: expect.stringMatching(/SPF alone/),
  })
  await dns?.stop()
  const foreign = { dkimKeys: [], bounceAddress: 'bounces@other.example' }
  expect(await dmarc('v=DMARC1; p=reject', foreign)).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/neither/),
  })
})

test('a subdomain as sender is under the policy of its organization', async () => {
  const findings = await examine(
    { '_dmarc.acme.example': { TXT: ['v=DMARC1; p=none; sp=reject'] } },
    { from: parseMailbox('no-reply@codes.acme.example') },
  )
  expect(of(findings, 'DMARC')[0]).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/policy reject/),
  })
})

test('what the environment does not say is a finding, and the domain can be given', async () => {
  dns = await startDns(good)
  const nothing = {
    ...setup,
    from: undefined,
    smtpServers: undefined,
    clientName: undefined,
    bounceAddress: undefined,
  }
  expect(states(await examineMail(nothing))).toEqual({ Sender: 'fail', Relay: 'warn' })
  const found = await examineMail(nothing, { domain: 'acme.example', dns: dns.server })
  expect(states(found)).toMatchObject({ 'DKIM s1': 'ok', MX: 'ok', Relay: 'warn' })
  await expect(examineMail(setup, { dns: 'no address' })).rejects.toThrow('--dns must be an address')
})
