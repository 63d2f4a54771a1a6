import { expect, test } from 'vitest'
import { readSuppressions } from './suppression-file.ts'

test('addresses as they are typed', () => {
  expect(readSuppressions('ada@example.com\n\n Eve <eve@example.org> \nnobody')).toEqual([
    { email: 'ada@example.com' },
    { email: 'eve@example.org' },
  ])
})

test('a file as it is exported, with a header, quotes and times', () => {
  const file = 'Address,Reason,Since\r\n"a@example.com","550 5.1.1 ""no"", user",2026-11-27T10:00:00Z\r\n'
  expect(readSuppressions(file)).toEqual([
    { email: 'a@example.com', reason: '550 5.1.1 "no", user', suppressedAt: '2026-11-27T10:00:00.000Z' },
  ])
  expect(readSuppressions('b@example.com;;')).toEqual([{ email: 'b@example.com' }])
  // An apostrophe keeps a spreadsheet from running these.
  expect(readSuppressions('\'=c@example.com,"no;\'=cmd"')).toEqual([
    { email: '=c@example.com', reason: 'no;=cmd' },
  ])
})
