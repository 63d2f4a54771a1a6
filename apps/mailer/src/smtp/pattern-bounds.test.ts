import { expect, test } from 'vitest'
import { packIdentity, unpackIdentity } from '../message-state/identity-bytes.ts'
import { isMailable } from '../mime/mailbox.ts'
import { parseClientName } from './client-name.ts'
import { providerIdOf } from './provider-id.ts'
import { classifyReply } from './refusals/classify-reply.ts'

// The longest text that a pattern takes, its length written out. One character more is refused.

const text = (length: number) => 'a'.repeat(length)
const isName = (name: string) => {
  try {
    return parseClientName(name) === name
  } catch {
    return false
  }
}
/** A domain of this length in parts that are not too long. */
const domain = (length: number) =>
  `${text(60)}.`
    .repeat(5)
    .slice(0, length - 2)
    .concat('.a')
    .replace('..', 'b.')
const refusal = (words: string) => classifyReply({ command: 'RCPT TO', code: 550, text: `550 ${words}` })

test.each<[string, (value: string) => boolean, number, (length: number) => string]>([
  ['our name', isName, 253, domain],
  ['a part of our name', isName, 63, (n) => `${text(n)}.example`],
  ['the last part of our name', isName, 63, (n) => `mail.${text(n)}`],
  ['what stands before the @', isMailable, 64, (n) => `${text(n)}@example.com`],
  ['the domain of an address', isMailable, 255, (n) => `a@${text(n - 4)}.com`],
  ["a mail's id at SES", (id) => providerIdOf(`250 OK ${id}`) === id, 100, (n) => '1'.repeat(n)],
  [
    'the time in a reply of qmail',
    (time) => providerIdOf(`250 ok ${time} qp 77`) === '77',
    11,
    (n) => '1'.repeat(n),
  ],
  [
    'what stands between two words of a refusal',
    (words) => refusal(`mailbox${words}does not exist`) === 'recipient',
    60,
    (n) => ` ${'zzz '.repeat(200).slice(0, n - 2)} `,
  ],
  [
    'what stands between other words of a refusal',
    (words) => refusal(`no user${words}by that name`) === 'recipient',
    30,
    (n) => ` ${'zzz '.repeat(200).slice(0, n - 2)} `,
  ],
])('%s has its bound', (_what, takes, most, make) => {
  expect([takes(make(most)), takes(make(most + 1))]).toEqual([true, false])
})

test('what stands before the dot of an id is kept in one byte of length, or as text', () => {
  for (const length of [255, 256]) {
    const id = `${text(length)}.AAAA`
    expect(unpackIdentity(packIdentity(id))).toBe(id)
  }
})
