import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { repeatRounds } from './repeat-rounds.ts'

test.each([
  [1, []],
  [2, ['it fails', 'it works']],
])('%i faults in a row: one is a restart and no line of the log', async (faults, expected) => {
  const lines: string[] = []
  let rounds = 0
  const repeated = repeatRounds({
    round: async () => {
      rounds += 1
      // Single faults far apart are no trouble either.
      if (rounds % 5 < faults) throw new Error('gone')
      return false
    },
    words: { trouble: 'it fails', over: 'it works' },
    logger: {
      warn: (_fields: object, text: string) => void lines.push(text),
      info: (text: string) => void lines.push(text),
    } as never,
    everyMs: 1,
    afterFaultMs: 1,
  })
  await eventually(() => expect(rounds).toBeGreaterThan(20))
  await repeated.stop()
  expect(lines).toEqual(expected)
})
