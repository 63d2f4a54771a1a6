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

test('a server may send 16 empty lines before a reply; one that sends no other is no SMTP', () => {
  const replies: Reply[] = []
  const read = createReplyReader((reply) => replies.push(reply))
  for (let i = 0; i < 3; i++) expect(read(`${'\r\n'.repeat(16)}250 OK\r\n`)).toBe(true)
  expect(replies).toEqual(Array.from({ length: 3 }, () => ({ code: 250, text: '250 OK' })))
  expect(read('\r\n'.repeat(16))).toBe(true)
  expect(read('\n')).toBe(false)
})
