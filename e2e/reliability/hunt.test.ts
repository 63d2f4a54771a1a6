import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { hunt } from './hunt.ts'

const number = '482915730164'
const email = 'Planted.Person+tag@example.com'
const secrets = [
  { name: 'number', value: number, guessable: true },
  { name: 'address', value: email, guessable: true },
]
const find = (content: string | Buffer) => hunt([{ name: 'place', content }], secrets)

test.each([
  ['as it is', `{"n":"${number}"}`],
  ['in groups', 'Your number is 482 915 730 164.'],
  ['in groups with dashes', '4829-1573-0164'],
  ['hex', Buffer.from(number).toString('hex').toUpperCase()],
  ['base64', Buffer.from(number).toString('base64')],
  ['base64 in the midst of more', Buffer.from(`x${number}`).toString('base64')],
  ['base64url in the midst of more', Buffer.from(`{"${email}"}`).toString('base64url')],
  ['an address in another case', email.toLowerCase()],
  ['URL-encoded', `?email=${encodeURIComponent(email)}`],
  ['among bytes', Buffer.concat([randomBytes(20), Buffer.from(number), randomBytes(20)])],
  ['a bare hash of it', createHash('sha256').update(number).digest()],
  ['a bare hash in hex', createHash('sha256').update(email).digest('hex')],
])('finds what is there: %s', (_name, content) => {
  expect(find(content)).not.toEqual([])
})

test('finds nothing where nothing is', () => {
  expect(find('')).toEqual([])
  expect(find('482915730165 planted.person@example.com')).toEqual([])
  expect(find(randomBytes(100_000))).toEqual([])
})
