import { expect, test } from 'vitest'
import { withoutDots } from './compile.ts'

test.each([
  ['.\r\n', '=2E=\r\n\r\n'],
  ['.a\r\n..\r\nb.\r\n', '=2E=\r\na\r\n=2E=2E=\r\n\r\nb.\r\n'],
  ['a.b\r\n .c\r\n\r\n.', 'a.b\r\n .c\r\n\r\n=2E=\r\n'],
  [`${'.'.repeat(76)}\r\n`, `${`${'=2E'.repeat(25)}=\r\n`.repeat(3)}=2E=\r\n\r\n`],
  ['no dot at all\r\n', 'no dot at all\r\n'],
])('%j is %j on its way', (mail, sent) => {
  expect(withoutDots(mail)).toBe(sent)
})
