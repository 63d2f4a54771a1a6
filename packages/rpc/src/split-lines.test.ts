import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

function linesOf(text: string, pieceBytes: number, longest = 100): string[] {
  const lines: string[] = []
  const split = splitLines((line) => lines.push(line), longest)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) split(bytes.subarray(at, at + pieceBytes))
  return lines
}

test.each([1, 2, 3, 7, 1000])('lines are whole however they are cut, in pieces of %i bytes', (pieceBytes) => {
  const text = 'first\n\nüber 😀\r\nlast\nnot yet'
  expect(linesOf(text, pieceBytes)).toEqual(['first', '', 'über 😀\r', 'last'])
})

test('a line that grows too long is refused, those before it are not lost', () => {
  const lines: string[] = []
  const split = splitLines((line) => lines.push(line), 10)
  split(Buffer.from('good\n12345'))
  expect(() => split(Buffer.from('678901'))).toThrow(RangeError)
  expect(lines).toEqual(['good'])
})

test('what the taker of a line throws is thrown, and the line is not handed over again', () => {
  const lines: string[] = []
  const split = splitLines((line) => {
    lines.push(line)
    if (line === 'bad') throw new Error('no')
  }, 100)
  expect(() => split(Buffer.from('bad\n'))).toThrow('no')
  split(Buffer.from('good\n'))
  expect(lines).toEqual(['bad', 'good'])
})

test('a line of megabytes arrives whole, in thousands of pieces', () => {
  const longest = 4 * 1024 * 1024
  expect(linesOf(`${'x'.repeat(longest - 1)}\nend\n`, 1024, longest).map(({ length }) => length)).toEqual([
    longest - 1,
    3,
  ])
})
