import pico from 'picocolors'
import { expect, test } from 'vitest'
import { formatLogLine } from './log-line.ts'

const plain = pico.createColors(false)
const format = (line: unknown) =>
  formatLogLine('gateway', typeof line === 'string' ? line : JSON.stringify(line), plain)

test.each([
  [{ level: 'info', time: 't', service: 'gateway', msg: 'ready' }, 'gateway     info  ready'],
  [
    { level: 'warn', msg: 'slow', ms: 12, path: '/a b', ok: true },
    'gateway     warn  slow ms=12 path="/a b" ok=true',
  ],
  [
    { level: 'error', msg: 'm', err: { type: 'E', message: 'gone', stack: 'E: gone\n  at x' } },
    'gateway     error m err=gone',
  ],
  [
    { level: 'error', msg: 'm', err: { type: 'E', message: 'Try again.: no reply: gone', stack: 'E' } },
    'gateway     error m err="Try again: no reply: gone"',
  ],
  [{ level: 'info', list: [1], none: null }, 'gateway     info   list=[1] none=null'],
])('%j', (entry, line) => {
  expect(format(entry)).toBe(line)
})

test.each(['plain text', '{not json', '{"level":30}', 'null', '[]', ''])('%j stays as it is', (line) => {
  expect(format(line)).toBe(`gateway     ${line}`)
})

test('no line can steer the terminal', () => {
  expect(format('a\u001b[2J')).toBe('gateway     a�[2J')
  expect(format({ level: 'info', msg: '\u001b[2J', v2: '\u009b', key: 'a\nb' })).toBe(
    'gateway     info  �[2J v2=� key="a\\nb"',
  )
})
