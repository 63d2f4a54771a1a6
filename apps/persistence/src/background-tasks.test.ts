import { expect, test } from 'vitest'
import { backgroundTasks } from './background-tasks.ts'

test('how often each round runs, in ms; the walk is logged after a minute of faults', () => {
  const nothing = {} as never
  const tasks = backgroundTasks({ context: nothing, keyRing: nothing } as never, nothing)
  expect(Object.fromEntries(tasks.map(({ name, everyMs }) => [name, everyMs]))).toEqual({
    sweep: 1000,
    walk: 4000,
    migrations: 1000,
    'tenant-deletion': 1000,
    'unlisted-deletions': 3_600_000,
    'key-ring-use': 60_000,
    resealing: 3_600_000,
  })
  expect(tasks.find(({ name }) => name === 'walk')?.faultsLogged).toBe(15)
})
