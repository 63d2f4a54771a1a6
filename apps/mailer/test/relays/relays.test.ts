import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { type SmtpScript, startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from '../../src/relays/relay-limits.ts'
import { createSmtp } from '../../src/relays/relays.ts'
import { CutOff } from '../../src/smtp/cut-off.ts'
import type { RelayAnswer, Smtp } from '../../src/smtp/hand-over.ts'
import { parseSmtpUrl, parseSmtpUrls } from '../../src/smtp/smtp-url.ts'

let first: TestSmtp
let second: TestSmtp
let smtp: Smtp
let back: string[]
let tried: (RelayAnswer & { readonly port: number })[]
beforeEach(async () => {
  first = await startSmtp()
  second = await startSmtp()
})
afterEach(async () => {
  smtp?.close()
  await first?.stop()
  await second?.stop()
})

function use(urls: string, limits: Partial<RelayLimits> = {}) {
  tried = []
  back = []
  smtp = createSmtp(
    parseSmtpUrls(urls),
    { ...DEFAULT_RELAY_LIMITS, ...limits },
    ({ port }, answer) => tried.push({ port, ...answer }),
    (ready) => back.push(ready),
  )
}

function send(changes: Partial<Parameters<Smtp['handOver']>[0]> = {}) {
  return smtp.handOver({
    from: 'no-reply@sender.example',
    to: 'ada@example.com',
    raw: 'Subject: x\r\n\r\nno dot\r\nlast line\r\n',
    cutOff: new CutOff(),
    ...changes,
  })
}

test('one connection carries many mails, also after a refusal', async () => {
  first.script.rcptTo = (address) => (address.startsWith('bad') ? { code: 550, text: '5.1.1 no' } : undefined)
  use(first.url)
  for (const to of ['ada@example.com', 'bad@example.com', 'bob@example.com', 'eve@example.com'])
    await send({ to })
  expect(first.connections()).toBe(1)
  expect(first.mails.map(({ to }) => to[0])).toEqual([
    'ada@example.com',
    'bob@example.com',
    'eve@example.com',
  ])
  expect(first.mails[0]?.raw).toBe('Subject: x\r\n\r\nno dot\r\nlast line\r\n')
})

test('no more connections than allowed, and nobody is lost in the queue for them', async () => {
  use(`${first.url}?connections=2`)
  const sent = await Promise.all(Array.from({ length: 40 }, () => send()))
  expect(sent.every(({ outcome }) => outcome === 'sent')).toBe(true)
  expect(first.mails).toHaveLength(40)
  expect(first.connections()).toBe(2)
})

test('a mail that gives up in the queue neither waits longer nor holds up those behind it', async () => {
  let release = () => {}
  const gate = new Promise<undefined>((open) => {
    release = () => open(undefined)
  })
  first.script.data = () => gate
  use(`${first.url}?connections=1`)
  const one = send()
  const hasty = new CutOff()
  const two = send({ cutOff: hasty, to: 'hasty@example.com' })
  const three = send({ to: 'late@example.com' })
  hasty.cut()
  expect(await two).toMatchObject({ outcome: 'deferred', reply: 'The SMTP server did not finish in time.' })
  release()
  expect(await one).toMatchObject({ outcome: 'sent', reply: expect.stringMatching(/^250/) })
  expect(await three).toMatchObject({ outcome: 'sent' })
  expect(first.mails.map(({ to }) => to[0])).toEqual(['ada@example.com', 'late@example.com'])
})

test('a rate limit spreads mails evenly', async () => {
  use(`${first.url}?rate=20`)
  const startedAtMs = performance.now()
  await Promise.all(Array.from({ length: 6 }, () => send()))
  expect(performance.now() - startedAtMs).toBeGreaterThan(240)
})

test('faults open the circuit, others skip the server at once, and a probe closes it again', async () => {
  first.script.connect = () => 'drop'
  const urls = `${first.url},${second.url}`
  // Probes are connections too, so there is none while they are counted.
  use(urls, { faultsToOpen: 3, firstProbeMs: 600_000, lastProbeMs: 600_000 })
  for (let i = 0; i < 10; i++) expect((await send()).outcome).toBe('sent')
  expect(second.mails).toHaveLength(10)
  const connections = first.connections()
  expect(connections).toBeLessThan(10)
  expect(
    tried.filter(({ port, reply }) => port === first.port && /did not answer lately/.test(reply)).length,
  ).toBeGreaterThan(0)
  smtp.close()

  use(urls, { faultsToOpen: 3, firstProbeMs: 100, lastProbeMs: 100 })
  const isOpen = () =>
    tried.some(({ port, reply }) => port === first.port && /did not answer lately/.test(reply))
  while (!isOpen()) await send()
  delete first.script.connect
  await eventually(async () => {
    await send()
    expect(first.mails.length).toBeGreaterThan(0)
  })
})

test('a server that is back is found without a mail that asks for it, however long it was gone', async () => {
  use(first.url, { faultsToOpen: 1, firstProbeMs: 20, lastProbeMs: 200 })
  first.script.connect = () => ({ code: 421, text: '4.3.2 closing' })
  expect((await send()).outcome).toBe('deferred')
  // By then probes have reached their longest pause.
  await eventually(() => expect(first.connections()).toBeGreaterThan(8))
  await first.stop()
  expect(back).toEqual([])
  delete first.script.connect
  await first.restart()
  await eventually(() => expect(back).toEqual(['few']))
  const connections = first.connections()
  expect((await send()).outcome).toBe('sent')
  expect(back).toEqual(['few', 'all'])
  // The probed connection is used.
  expect(first.connections()).toBe(connections)
})

test('a refusal of one address opens no circuit', async () => {
  first.script.rcptTo = () => ({ code: 451, text: '4.7.1 greylisted' })
  use(first.url, { faultsToOpen: 2 })
  for (let i = 0; i < 6; i++) expect((await send()).reply).toBe('451 4.7.1 greylisted')
})

test('goodbye in mid-session: the mail goes out on a fresh connection, once', async () => {
  use(first.url)
  await send()
  const answers = [{ code: 421, text: '4.4.2 idle for too long' }]
  first.script.mailFrom = () => answers.shift()
  expect((await send()).outcome).toBe('sent')
  expect(first.mails).toHaveLength(2)
  expect(first.connections()).toBe(2)
})

test('a connection that was cut while idle costs nothing', async () => {
  use(first.url)
  await send()
  await first.stop()
  await first.restart()
  expect((await send()).outcome).toBe('sent')
  expect(first.mails).toHaveLength(2)
})

test('a connection lost after the mail was written differs from one lost before', async () => {
  const drops: SmtpScript[] = [{ data: () => 'drop' }, { rcptTo: () => 'drop' }]
  for (const script of drops) {
    Object.assign(first.script, { data: undefined, rcptTo: undefined }, script)
    use(first.url)
    expect((await send()).outcome).toBe('deferred')
    expect(tried).toMatchObject([{ maybeSent: 'data' in script, serverFault: true }])
  }
})

test('an address beyond ASCII goes where it is understood, else it is refused clearly', async () => {
  const plain = await startSmtp({}, { hideSMTPUTF8: true })
  const to = 'josé@example.com'
  use(plain.url)
  expect(await send({ to })).toMatchObject({
    outcome: 'rejected',
    reply: 'The SMTP server does not take addresses beyond ASCII.',
  })
  smtp.close()
  use(`${plain.url},${second.url}`)
  expect((await send({ to })).outcome).toBe('sent')
  expect(plain.mails).toHaveLength(0)
  await plain.stop()
})

test('a server that wants TLS gets no mail in the clear, and one without TLS none that needs it', async () => {
  first.script.mailFrom = () => ({ code: 530, text: '5.7.0 Must issue a STARTTLS command first' })
  use(first.url)
  expect(await send()).toMatchObject({ outcome: 'deferred', reply: expect.stringMatching(/STARTTLS/) })
  smtp.close()
  use(`${second.url}?starttls=required`)
  expect((await send()).outcome).toBe('deferred')
  expect(second.mails).toHaveLength(0)
})

test('a server that speaks only an old TLS gets no mail, and the reply says why', async () => {
  const old = await startSmtp({}, { disabledCommands: [], minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
  try {
    use(`${old.url}?starttls=required`)
    expect(await send()).toMatchObject({
      outcome: 'deferred',
      reply: expect.stringMatching(/^The SMTP server and we could not agree on TLS: .*protocol.*\.$/),
    })
    expect(old.mails).toEqual([])
  } finally {
    await old.stop()
  }
})

test("a tenant's own server stands alone, and must be public unless that is allowed", async () => {
  use(`smtp://127.0.0.1:${await freePort()}`)
  const own = parseSmtpUrl(second.url)
  expect((await send({ own })).outcome).toBe('sent')
  const inside = { host: '127.0.0.1', port: second.port, security: 'none', publicOnly: true } as const
  const refused = {
    outcome: 'deferred',
    reply: 'The SMTP server has no public address, and others are not allowed.',
  }
  expect(await send({ own: inside })).toMatchObject(refused)
  expect(await send({ own: { ...inside, host: 'localhost' } })).toMatchObject(refused)
  expect(second.connections()).toBe(1)
})

test("a tenant's server that refuses mails and takes the next one makes nobody else's mails try again", async () => {
  use(first.url, { refusalsToOpen: 2, firstTrialMs: 1 })
  const own = parseSmtpUrl(second.url)
  const refuseAndTake = async (server: TestSmtp, changes: object) => {
    server.script.rcptTo = () => ({ code: 550, text: '5.7.1 Relay access denied' })
    for (let i = 0; i < 2; i++) await send(changes)
    server.script.rcptTo = () => undefined
    await eventually(async () => expect((await send(changes)).outcome).toBe('sent'))
  }
  await refuseAndTake(second, { own })
  expect(back).toEqual([])
  await refuseAndTake(first, {})
  expect(back).toEqual(['all'])
})
