import { expect, test } from 'vitest'
import { speaksOfMailbox } from './speaks-of-mailbox.ts'

test.each([
  'smtp; 550 5.1.1 <gone@example.com>: user unknown',
  '550 5.1.1 The email account that you tried to reach does not exist',
  '5.1.1 mailbox unknown',
  '550 No such user here',
  'complaint: abuse',
  'Permanent bounce',
  'The server was unable to deliver your message',
  // Four digits are no status, so nothing is quoted.
  '5.7777.1 rejected by policy',
  '5.7.7777 rejected by policy',
  '',
])('%j suppresses', (reason) => {
  expect(speaksOfMailbox(reason)).toBe(true)
})

test.each([
  'smtp; 554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using zen.example',
  '550 5.7.606 Access denied, banned sending IP',
  '552 5.2.2 mailbox full',
  '5.7.1 rejected by policy',
  '5.777.777 rejected by policy',
  '4.2.1 try again later',
  '550 message content rejected as spam',
  '421 closing',
])('%j does not', (reason) => {
  expect(speaksOfMailbox(reason)).toBe(false)
})
