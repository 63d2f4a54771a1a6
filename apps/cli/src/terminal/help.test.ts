import { Command } from 'commander'
import { expect, test } from 'vitest'
import { HELP } from './help.ts'

const helpAt = (helpWidth: number) =>
  new Command('x')
    .configureHelp({ ...HELP, helpWidth })
    .option('--days <days>', 'it expires after so many days')
    .helpInformation()
    .split('\n')
    .filter((line) => /days/.test(line))

test('below 60 columns descriptions stand below their options, six columns in', () => {
  expect(helpAt(60)).toEqual(['  --days <days>  it expires after so many days'])
  expect(helpAt(59)).toEqual(['  --days <days>', '      it expires after so many days'])
})
