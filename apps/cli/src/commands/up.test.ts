import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addServe, addUp } from './up.ts'

test.each([
  ['up', addUp],
  ['serve', addServe],
])('%s runs one process where nobody says how many', (name, add) => {
  const processesOf = (...args: string[]) => {
    const program = new Command()
    add(program, () => async () => {})
    program.parse([name, ...args], { from: 'user' })
    return program.commands[0]?.getOptionValue('processes')
  }
  expect(processesOf()).toBe(processesOf('--processes', '1'))
})
