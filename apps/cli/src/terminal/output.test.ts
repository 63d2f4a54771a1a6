import { EmailauthError } from '@emailauth/client'
import { expect, test } from 'vitest'
import { CliError, EXIT } from '../exit-codes.ts'
import { columnsOf, createOutput, isColourful, printable, printableJson, readColumns } from './output.ts'

function sink(isTTY = false) {
  const written: string[] = []
  return { written, isTTY, columns: isTTY ? 80 : undefined, write: (text: string) => written.push(text) }
}

function outputWith({ json = false, quiet = false, tty = false, env = {} } = {}) {
  const [stdout, stderr] = [sink(tty), sink(tty)]
  return { stdout, stderr, output: createOutput({ stdout, stderr, env, json, quiet }) }
}

test.each([
  ['1', 1],
  ['9999', 9999],
  ['10000', undefined],
  ['0', undefined],
])('COLUMNS of %s is a width of %s', (COLUMNS, width) => {
  expect(readColumns({ COLUMNS })).toBe(width)
})

test('a terminal that does not know its width has COLUMNS, else 80; a program has none', () => {
  const widthOf = (columns: number, env = {}, isTTY = true) =>
    columnsOf({ isTTY, columns, write: () => {} }, env)
  expect([widthOf(120), widthOf(0, { COLUMNS: '90' }), widthOf(0), widthOf(120, {}, false)]).toEqual([
    120,
    90,
    80,
    undefined,
  ])
})

test('data goes to stdout, info to stderr', () => {
  const { output, stdout, stderr } = outputWith()
  output.data({ a: 1 }, () => 'one')
  output.info('said')
  expect([stdout.written, stderr.written]).toEqual([['one\n'], ['said\n']])
})

test('with --json data is one line of JSON, and a problem is printed once', () => {
  const { output, stdout, stderr } = outputWith({ json: true })
  output.data({ text: 'a\nb' }, () => 'never')
  output.problem('never')
  expect([stdout.written, stderr.written]).toEqual([['{"text":"a\\nb"}\n'], []])
})

test('JSON steers no terminal either, and is the same value', () => {
  const { output, stdout, stderr } = outputWith({ json: true })
  const value = { text: '\u001b[2J\u007f\u009b2J\u202e\u2066\n' }
  output.data(value, () => 'never')
  output.fault(new Error(value.text))
  for (const [line = ''] of [stdout.written, stderr.written]) expect(line).toMatch(/^[ -~]+\n$/)
  expect(JSON.parse(stdout.written[0] ?? '')).toEqual(value)
  expect(printableJson(value, 2)).toContain('{\n  "text": "\\u001b[2J\\u007f\\u009b2J')
})

test('--quiet silences info, not data, problems and faults', () => {
  const { output, stdout, stderr } = outputWith({ quiet: true })
  output.info('never')
  output.data(1, () => 'one')
  output.problem('No.')
  output.fault(new Error('Broken.'))
  expect([stdout.written, stderr.written]).toEqual([['one\n'], ['No.\n', 'error: Broken.\n']])
})

test('nothing to say is no empty line', () => {
  const { output, stdout } = outputWith()
  output.data([], () => '')
  expect(stdout.written).toEqual([])
})

test('a fault is printed with its remedy; with --json as an object of one shape', () => {
  const people = outputWith()
  people.output.fault(new CliError(EXIT.failed, 'No.', { hint: 'Do this.' }))
  expect(people.stderr.written.join('')).toBe('error: No.\nDo this.\n')
  const programs = outputWith({ json: true })
  programs.output.fault(
    new EmailauthError('SERVICE_UNAVAILABLE', 'Away.', { requestId: 'r', retryAfterSeconds: 2 }),
  )
  expect(JSON.parse(programs.stderr.written.join(''))).toEqual({
    error: { code: 'SERVICE_UNAVAILABLE', message: 'Away.', requestId: 'r', retryAfterSeconds: 2 },
  })
  expect(programs.stdout.written).toEqual([])
})

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('terminal %s with %j is coloured: %s', (isTTY, env, colourful) => {
  expect(isColourful(sink(isTTY), env)).toBe(colourful)
})

test('each stream is judged by itself', () => {
  const output = createOutput({ stdout: sink(false), stderr: sink(true), env: {}, json: false, quiet: false })
  expect(output.colors.red('x')).toBe('x')
  expect(output.infoColors.red('x')).not.toBe('x')
})

test('text from elsewhere cannot steer the terminal', () => {
  const { output, stderr } = outputWith()
  output.fault(new Error('a\u001b[2Jb\u009bc'))
  output.problem('\u0007ring')
  expect(stderr.written.join('')).toBe('error: a�[2Jb�c\n�ring\n')
  expect(printable('ñ 日本 \r\n')).toBe('ñ 日本 ��')
  expect(printable('a\u009b2Jb\u202ec\u2066d\u2028e\u200ff')).toBe('a�2Jb�c�d�e�f')
  expect(printable('👩\u200d💻')).toBe('👩\u200d💻')
})

test('the next command is one that can be typed where this one was', () => {
  const sentence = 'Log in: emailauth login, or start it with: npx emailauth up'
  const npx = outputWith({ env: { npm_command: 'exec' } })
  npx.output.info(sentence)
  npx.output.fault(new CliError(EXIT.failed, 'No key.', { hint: sentence }))
  const behindNpx = sentence.replace('emailauth login', 'npx emailauth login')
  expect(npx.stderr.written.join('')).toBe(`${behindNpx}\nerror: No key.\n${behindNpx}\n`)
  const installed = outputWith()
  installed.output.info(sentence)
  expect(installed.stderr.written.join('')).toBe(`${sentence}\n`)
})
