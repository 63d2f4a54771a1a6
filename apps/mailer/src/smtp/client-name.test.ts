import { expect, test } from 'vitest'
import { defaultClientName, parseClientName } from './client-name.ts'

const from = { name: '', address: 'no-reply@acme.example' }

test.each([
  ['mx1.acme.example', from, 'mx1.acme.example'],
  ['MX1.Acme.Example', from, 'mx1.acme.example'],
  ['3f2c9d', from, 'acme.example'],
  ['10.0.0.7', from, 'acme.example'],
  ['', from, 'acme.example'],
  ['box', { name: '', address: 'no-reply@localhost' }, 'localhost.localdomain'],
])('on the host %j with the sender %j it is %s', (host, sender, name) => {
  expect(defaultClientName(sender, host)).toBe(name)
})

test('a name with a dot is taken', () => {
  expect(parseClientName('Mail.Example.com')).toBe('mail.example.com')
})

test.each(['localhost', '[127.0.0.1]', '10.0.0.7', 'mail.example.com\r\nX', 'a b.c', '-a.b', 'a..b', ''])(
  '%j is refused',
  (name) => {
    expect(() => parseClientName(name)).toThrow('host name with a dot')
  },
)
