import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addStatistics, countersIn } from './statistics.ts'

test('columns come in the order of a life, and those that counted nothing are left out', () => {
  const buckets = [
    {
      counts: [
        { of: 'VERIFIED', count: 1 },
        { of: 'BURNED', count: 0 },
      ],
    },
    {
      counts: [
        { of: 'SENT', count: 2 },
        { of: 'REGISTERED', count: 2 },
      ],
    },
  ] as const
  expect(countersIn(buckets)).toEqual(['REGISTERED', 'SENT', 'VERIFIED'])
})

test('without --since they are of the last 24 hours', () => {
  const sinceOf = (...args: string[]) => {
    const program = new Command()
    addStatistics(program, () => async () => {})
    program.parse(['statistics', ...args], { from: 'user' })
    return program.commands[0]?.getOptionValue('since')
  }
  expect(sinceOf()).toBe(sinceOf('--since', '24h'))
})
