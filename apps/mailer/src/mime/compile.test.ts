import { expect, test } from 'vitest'
import { doubleDots } from './compile.ts'

test.each([
  ['.\r\n', '..\r\n'],
  ['.a\r\n..\r\nb.\r\n', '..a\r\n...\r\nb.\r\n'],
  ['a.b\r\n .c\r\n\r\n.', 'a.b\r\n .c\r\n\r\n..'],
  ['no dot at all\r\n', 'no dot at all\r\n'],
])('%j is %j on its way', (message, sent) => {
  expect(doubleDots(message)).toBe(sent)
})
