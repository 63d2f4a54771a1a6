import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readSecret } from './read-secret.ts'

const read = (text: string | Buffer[]) =>
  readSecret('-', Readable.from(typeof text === 'string' ? [text] : text))

test('a value that is not - is itself, and stdin is left alone', async () => {
  expect(await readSecret('hello', Readable.from(['never']))).toBe('hello')
  expect(await readSecret('', Readable.from(['never']))).toBe('')
})

test.each([
  ['hello\n', 'hello'],
  ['hello\r\n', 'hello'],
  ['hello\n\n', 'hello\n'],
  [' a \n b ', ' a \n b '],
  ['', ''],
])('%j from stdin is %j', async (text, secret) => {
  expect(await read(text)).toBe(secret)
})

test('a character may come in two pieces', async () => {
  const bytes = Buffer.from('señal 日')
  expect(await read([bytes.subarray(0, 3), bytes.subarray(3)])).toBe('señal 日')
})

test('a disk piped in by mistake is refused', async () => {
  await expect(read([Buffer.alloc(40_000), Buffer.alloc(40_000)])).rejects.toThrow('More than 65536 bytes')
})

test('what is not UTF-8 is refused, not changed', async () => {
  await expect(read([Buffer.from('clé', 'latin1')])).rejects.toThrow('not UTF-8')
})
