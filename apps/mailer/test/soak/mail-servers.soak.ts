import { writeFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import * as trials from './mail-servers.ts'

const results: Record<string, object> = {}
afterAll(() => writeFile('dist/mail-servers.json', `${JSON.stringify(results, null, 2)}\n`))

test.each([
  ['Postfix', trials.postfix, 400, 400, true],
  ['Postfix with postscreen', trials.postscreen, 200, 100, true],
  ['Postfix with postscreen that looks deep', trials.postscreenDeep, 50, 50, false],
  ['Postfix with postgrey', trials.postgrey, 100, 50, false],
  ['Postfix that thinks for 12 s at the dot', trials.slowPolicy(12_000), 100, 50, true],
  ['Postfix with a message rate limit', trials.messageRate(50), 150, 50, false],
  ['Postfix with STARTTLS and SASL', trials.tlsAndSasl, 400, 100, true],
  ['Exim', trials.exim, 400, 400, true],
  ['OpenSMTPD', trials.openSmtpd, 400, 400, true],
  ['Haraka', trials.haraka, 200, 200, true],
] as const)(
  '%s: every mail arrives once',
  async (name, start, mails, perSecond, atFirst) => {
    const result = await trials.throughMailServer(start, { mails, perSecond })
    results[name] = result
    expect(result).toMatchObject({ calls: mails, answered: mails, arrived: mails, twice: 0 })
    if (atFirst) expect(result.deferrals).toBe(0)
  },
  300_000,
)
