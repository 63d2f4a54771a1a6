import { deliveryReason } from '@emailauth/contracts/delivery-reason'
import { expect, test } from 'vitest'
import { classifyFailure } from '../smtp/failure.ts'
import { OF_OWN_BOUNDS } from '../smtp/own-bounds.ts'
import { REAL_REPLIES } from '../smtp/refusals/real-replies.ts'
import { reasonOf } from './reason-of.ts'

test.each([
  ['deferred', '450 4.7.1 Greylisted, try again', 'temporary'],
  ['deferred', '550 5.7.1 Our system has detected that this message is likely spam', 'content'],
  ['deferred', '535 5.7.8 Bad credentials', 'credentials'],
  ['deferred', '452 4.2.2 The mailbox is full', 'temporary'],
  ['deferred', null, 'unreachable'],
  ['deferred', '000 What', 'protocol'],
  ['deferred', '999 5.1.1 User unknown', 'protocol'],
  ['deferred', '250', 'protocol'],
  ['deferred', '550 5.1.1 User unknown', 'other'],
  ['bounced', '550 5.1.1 User unknown', 'recipient'],
  ['bounced', 'smtp; 552 5.2.2 Mailbox full', 'mailbox-full'],
  ['bounced', 'The provider says so.', 'other'],
  ['bounced', '', 'other'],
  ['rejected', '550 5.1.1 User unknown', 'recipient'],
  ['rejected', 'The address is suppressed: a mail to it came back.', 'suppressed'],
] as const)('%s with %j: %s', (state, reply, reason) => {
  expect(reasonOf({ state, reply })).toBe(reason)
})

test.each([
  ['EAUTH', 'credentials'],
  ['ENOAUTH', 'credentials'],
  ['EDNS', 'unreachable'],
  ['ETIMEDOUT', 'unreachable'],
  ['ETLS', 'unreachable'],
  ['EPROTOCOL', 'protocol'],
  [undefined, 'unreachable'],
])('without a reply, by the code %s: %s', (code, reason) => {
  expect(reasonOf({ state: 'deferred', reply: classifyFailure({ code }).reply })).toBe(reason)
})

test.each([...OF_OWN_BOUNDS])('a mail that waits for us does not accuse its relay: %s', (reply) => {
  expect(reasonOf({ state: 'deferred', reply })).toBe('other')
})

test('every real reply has a class of the contract, the same as the table says', () => {
  for (const [command, reply, says] of REAL_REPLIES) {
    if (command !== 'RCPT TO') continue
    expect(reasonOf({ state: 'bounced', reply })).toBe(says)
    expect(deliveryReason.safeParse(says).success).toBe(true)
  }
})

test.each(['queued', 'sent', 'expired', 'dropped'] as const)('%s is no problem', (state) => {
  expect(reasonOf({ state, reply: '550 5.1.1 User unknown' })).toBeUndefined()
})

test('a server whose answer is no SMTP is named as that', () => {
  expect(classifyFailure({ code: 'EPROTOCOL' }).reply).toBe(
    'The SMTP server answered with what is no reply of SMTP.',
  )
})
