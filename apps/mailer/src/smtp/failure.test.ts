import { expect, test } from 'vitest'
import { classifyFailure } from './failure.ts'

function failure(command: string, response: string) {
  return Object.assign(new Error(response), { command, response, responseCode: Number(response.slice(0, 3)) })
}

test.each([
  ['RCPT TO', '550 5.1.1 No such user'],
  ['RCPT TO', '550 5.5.0 Requested action not taken: mailbox unavailable'],
  ['RCPT TO', '553 Internationalized mailbox name not allowed'],
  ['RCPT TO', '550 5.7.1 Recipient refuses mail'],
  ['DATA', '554 5.6.0 Message refused'],
])('%s: %s is the end of it', (command, response) => {
  expect(classifyFailure(failure(command, response))).toEqual({
    outcome: 'rejected',
    reply: response,
    serverFault: false,
  })
})

test.each([
  ['RCPT TO', '451 4.7.1 Greylisted'],
  ['RCPT TO', '452 4.2.2 Mailbox full'],
  ['RCPT TO', '530 5.7.0 Authentication required'],
  ['RCPT TO', '550 5.7.1 Relaying denied'],
  ['RCPT TO', '554 5.7.1 <x@y>: Relay access denied'],
  ['RCPT TO', '503 5.5.1 Bad sequence of commands'],
  ['DATA', '550 5.7.26 Unauthenticated mail from this domain'],
  ['DATA', '421 4.3.2 Shutting down'],
  ['MAIL FROM', '550 5.1.8 Sender refused'],
  ['AUTH PLAIN', '535 5.7.8 Bad credentials'],
  ['EHLO', '554 No SMTP service here'],
  ['CONN', '554 5.7.1 Your address is blocked'],
])('%s: %s may pass', (command, response) => {
  expect(classifyFailure(failure(command, response)).outcome).toBe('deferred')
})

test.each(['EDNS', 'ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EPRIVATE', 'ETLS', 'EOTHER'])(
  'without a reply (%s) it may pass, and a sentence says why',
  (code) => {
    const { outcome, reply } = classifyFailure(Object.assign(new Error('connect 10.0.0.1'), { code }))
    expect(outcome).toBe('deferred')
    expect(reply).toMatch(/^The SMTP .*\.$/)
    expect(reply).not.toContain('10.0.0.1')
  },
)
