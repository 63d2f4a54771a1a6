import { expect, test } from 'vitest'
import { readOptions, USAGE } from './options.ts'

test('the default is a short run with a table', () => {
  expect(readOptions([])).toEqual({ rounds: 5, starts: 1, appendOnly: false, json: false, profile: false })
})

test('every flag is read, and stands in the usage', () => {
  const flags = ['--rounds', '7', '--full', '--append-only', '--json', '--profile', '--compare', 'HEAD']
  expect(readOptions(flags)).toEqual({
    rounds: 7,
    starts: 1,
    live: 1_000_000,
    appendOnly: true,
    json: true,
    profile: true,
    compare: 'HEAD',
  })
  for (const flag of flags.filter((word) => word.startsWith('--'))) expect(USAGE).toContain(flag)
  expect(readOptions(['--help', '--rounds', '0'])).toBe('help')
})

test('the three services together are one process, or as many as asked for', () => {
  expect(readOptions(['--serve'])).toMatchObject({ serveProcesses: 1 })
  expect(readOptions(['--serve', '--processes', '3'])).toMatchObject({ serveProcesses: 3 })
  for (const flag of ['--serve', '--processes']) expect(USAGE).toContain(flag)
})

test('another service is measured beside separate services, or beside those in one process', () => {
  expect(readOptions(['--peer', 'otpgateway'])).toMatchObject({ peer: 'otpgateway', starts: 4 })
  expect(readOptions(['--peer', 'otpgateway', '--serve'])).toMatchObject({ serveProcesses: 1 })
  expect(USAGE).toContain('--peer')
})

test('both systems are started four times, or as often as asked for', () => {
  expect(readOptions(['--compare', 'HEAD'])).toMatchObject({ starts: 4 })
  expect(readOptions(['--serve', '--starts', '7'])).toMatchObject({ starts: 7 })
  expect(USAGE).toContain('--starts')
})

test('the number of live identities can be chosen', () => {
  expect(readOptions(['--live', '10000000'])).toMatchObject({ live: 10_000_000 })
  expect(readOptions(['--full', '--live', '100000'])).toMatchObject({ live: 100_000 })
  expect(USAGE).toContain('--live')
})

test.each([
  ['--live', '99999'],
  ['--live', '10000001'],
  ['--live', 'many'],
  ['--processes', '2'],
  ['--serve', '--processes', '0'],
  ['--serve', '--processes', '2.5'],
  ['--serve', '--compare', 'HEAD'],
  ['--serve', '--profile'],
  ['--peer'],
  ['--peer', ''],
  ['--peer', 'otpgateway', '--compare', 'HEAD'],
  ['--peer', 'otpgateway', '--profile'],
  ['--starts', '2'],
  ['--compare', 'HEAD', '--starts', '0'],
  ['--compare', 'HEAD', '--profile', '--starts', '2'],
  ['--rounds', '0'],
  ['--rounds', '51'],
  ['--rounds', '1.5'],
  ['--rounds', 'x'],
  ['--rounds', ''],
  ['--compare'],
  ['--compare', ''],
  ['--fast'],
  ['5'],
])('%s %s is refused', (...args) => {
  expect(() => readOptions(args)).toThrow(TypeError)
})
