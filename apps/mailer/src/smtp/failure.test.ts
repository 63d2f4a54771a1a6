import { expect, test } from 'vitest'
import { classifyFailure } from './failure.ts'

function failure(command: string, response: string) {
  return Object.assign(new Error(response), { command, response, responseCode: Number(response.slice(0, 3)) })
}

test('a refusal of the recipient is the end of it; what each reply means: refusals/', () => {
  expect(classifyFailure(failure('RCPT TO', '550 5.1.1 No such user'))).toEqual({
    outcome: 'rejected',
    reply: '550 5.1.1 No such user',
    refusal: 'recipient',
    serverFault: false,
  })
})

test.each([
  ['AUTH PLAIN', '535 5.7.8 Bad credentials', true],
  ['EHLO', '554 No SMTP service here', true],
  ['CONN', '554 5.7.1 Your address is blocked', true],
  ['DATA', '421 4.3.2 Shutting down', true],
  ['MAIL FROM', '550 5.1.8 Sender refused', false],
  ['DATA', '554 5.6.0 Message refused', false],
])('%s: %s may pass; fault of the server: %s', (command, response, serverFault) => {
  expect(classifyFailure(failure(command, response))).toMatchObject({ outcome: 'deferred', serverFault })
})

test.each(['EDNS', 'ECONNECTION', 'EUNREACHABLE', 'ESOCKET', 'ETIMEDOUT', 'EPRIVATE', 'ETLS', 'EOTHER'])(
  'without a reply (%s) it may pass, and a sentence says why',
  (code) => {
    const { outcome, reply } = classifyFailure(Object.assign(new Error('connect 10.0.0.1'), { code }))
    expect(outcome).toBe('deferred')
    expect(reply).toMatch(/^The SMTP .*\.$/)
    expect(reply).not.toContain('10.0.0.1')
  },
)

test.each([
  ['certificate has expired', "The SMTP server's certificate has expired."],
  ['self-signed certificate', "The SMTP server's certificate is not trusted."],
  [
    "Hostname/IP does not match certificate's altnames: Host: 10.0.0.1. is not in the cert's altnames",
    "The SMTP server's certificate is not trusted.",
  ],
])('%s: the sentence is about the certificate, not about the connection', (message, reply) => {
  const error = Object.assign(new Error(message), { code: 'ESOCKET', command: 'CONN' })
  expect(classifyFailure(error)).toEqual({ outcome: 'deferred', reply, serverFault: true })
})

test.each([
  [
    '80BC5004157F0000:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 70\n',
    'The SMTP server and we could not agree on TLS: tlsv1 alert protocol version.',
  ],
  [
    '0080:error:0A00010B:SSL routines::wrong version number:',
    'The SMTP server and we could not agree on TLS: wrong version number.',
  ],
  [
    'Client network socket disconnected before secure TLS connection was established',
    'The SMTP server and we could not agree on TLS: the server ended the handshake.',
  ],
  ['read ECONNRESET', 'The SMTP server closed the connection.'],
])('a handshake that fails after STARTTLS is not called an unreachable server: %s', (message, reply) => {
  const error = Object.assign(new Error(message), { code: 'ESOCKET', command: 'CONN' })
  expect(classifyFailure(error)).toEqual({ outcome: 'deferred', reply, serverFault: true })
})

test('when we gave up ourselves nothing is known about the server, whatever the error says', () => {
  expect(classifyFailure(failure('RCPT TO', '550 5.1.1 No such user'), true)).toEqual({
    outcome: 'deferred',
    reply: 'The SMTP server did not finish in time.',
    serverFault: false,
  })
})

test('an error without a code is a fault of the server', () => {
  expect(classifyFailure(new Error('x') as { code?: string })).toEqual({
    outcome: 'deferred',
    reply: 'The SMTP session failed.',
    serverFault: true,
  })
})

test('a refusal without a command is about the mail, unless the server says goodbye', () => {
  const refused = (responseCode: number) => classifyFailure({ responseCode, response: `${responseCode} no` })
  expect(refused(554).serverFault).toBe(false)
  expect(refused(421).serverFault).toBe(true)
})
