import { createScheduler } from '@emailauth/service/tasks/scheduler'
import { expect, test } from 'vitest'
import { takeOverStalled } from './take-over-stalled.ts'

test('while any mailer works on jobs, those of dead mailers are looked for each second', async () => {
  const pauses: number[] = []
  let looks = 0
  await new Promise<void>((end) => {
    const scheduler = createScheduler({
      logger: undefined,
      random: () => 0.5,
      async pause(ms) {
        pauses.push(ms)
        if (looks < 3) return
        end()
        void scheduler.close()
      },
    })
    const queue = { takeOverStalled: async () => (++looks > 2 ? 'idle' : 'busy') as never }
    scheduler.add(takeOverStalled('stalled-retries', queue))
  })
  // The last look found no work.
  const [first, ...others] = pauses
  const rest = others.pop()
  for (const ms of [first, ...others]) {
    expect(ms).toBeGreaterThan(900)
    expect(ms).toBeLessThanOrEqual(1000)
  }
  expect(rest).toBeGreaterThan(1000)
})
