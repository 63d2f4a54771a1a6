import { expect, test } from 'vitest'
import { createReplyReader, type Reply } from './replies.ts'

const LONGEST = 64 * 1024

test('a reply may have 64 KiB, in one line or in many; a longer one is no SMTP', () => {
  const replies: Reply[] = []
  const longest = `250 ${'x'.repeat(LONGEST - 4)}`
  expect(createReplyReader((reply) => replies.push(reply))(longest)).toBe(true)
  expect(createReplyReader((reply) => replies.push(reply))(`${longest}x`)).toBe(false)

  const line = `250-${'x'.repeat(1019)}\n`
  const read = createReplyReader((reply) => replies.push(reply))
  expect(read(line.repeat(LONGEST / line.length))).toBe(true)
  expect(replies).toEqual([])
  expect(read(line)).toBe(false)
})
