import { isInstalled, type MailServerName } from '@emailauth/testing/mail-servers/program'
import { describe, expect, test } from 'vitest'
import {
  exim,
  haraka,
  messageRate,
  openSmtpd,
  postgrey,
  postscreen,
  postscreenDeep,
  slowPolicy,
  throughMailServer,
  tlsAndSasl,
} from '../soak/mail-servers.ts'

// The short forms, for servers that are unpacked (scripts/test/mail-servers.mjs, on Debian as root). `pnpm
// --filter @emailauth/mailer mail-servers` runs the full forms. Both run the built mailer.

// These tests mostly wait, so all run in parallel.
const testWith = (server: MailServerName) => (isInstalled(server) ? test.concurrent : test.skip)
const once = (mails: number) => ({ calls: mails, answered: mails, arrived: mails, twice: 0 })

describe('a real Postfix', () => {
  const test = testWith('postfix')

  test('that greets after 6 s (postscreen) gets each mail once, at the first attempt', async () => {
    const result = await throughMailServer(postscreen, { mails: 20, perSecond: 20 })
    expect(result).toMatchObject({ ...once(20), deferrals: 0 })
  })

  test('that looks at what a client does (postscreen) refuses the first mail, and gets each once', async () => {
    const result = await throughMailServer(postscreenDeep, { mails: 10, perSecond: 20 })
    expect(result).toMatchObject(once(10))
    expect(result.deferrals).toBeGreaterThan(0)
  })

  test('that takes 10 mails in 5 s gets 15, each once', async () => {
    const result = await throughMailServer(messageRate(10), { mails: 15, perSecond: 30 })
    expect(result).toMatchObject(once(15))
    expect(result.deferrals).toBeGreaterThan(0)
  })

  test('that thinks for 7 s about each mail gets each once, at the first attempt', async () => {
    const result = await throughMailServer(slowPolicy(7000), { mails: 10, perSecond: 20 })
    expect(result).toMatchObject({ ...once(10), deferrals: 0 })
  })

  test('with postgrey gets each mail once, after a while', async () => {
    const result = await throughMailServer(postgrey, { mails: 10, perSecond: 20 })
    expect(result).toMatchObject(once(10))
    expect(result.deferrals).toBeGreaterThanOrEqual(10)
  })

  test('that wants TLS and credentials gets each mail once', async () => {
    const result = await throughMailServer(tlsAndSasl, { mails: 20, perSecond: 20 })
    expect(result).toMatchObject({ ...once(20), deferrals: 0 })
  })
})

testWith('exim')('a real Exim gets each mail once, at the first attempt', async () => {
  const result = await throughMailServer(exim, { mails: 60, perSecond: 60 })
  expect(result).toMatchObject({ ...once(60), deferrals: 0 })
})

testWith('opensmtpd')('a real OpenSMTPD gets each mail once, at the first attempt', async () => {
  const result = await throughMailServer(openSmtpd, { mails: 60, perSecond: 60 })
  expect(result).toMatchObject({ ...once(60), deferrals: 0 })
})

testWith('haraka')('a real Haraka gets each mail once, at the first attempt', async () => {
  const result = await throughMailServer(haraka, { mails: 60, perSecond: 60 })
  expect(result).toMatchObject({ ...once(60), deferrals: 0 })
})
