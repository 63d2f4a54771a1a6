import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createScheduler, type Round, type ScheduledTask } from './scheduler.ts'

/** A scheduler whose pauses end when the test says so. */
function manualScheduler(random = 0.5) {
  const pauses: number[] = []
  const exactness: unknown[] = []
  const logged: string[] = []
  let goOn = () => {}
  const scheduler = createScheduler({
    logger: {
      warn: (_: object, line: string) => logged.push(line),
      info: (line: string) => logged.push(line),
    } as never,
    random: () => random,
    pause: (ms, signal, how) =>
      new Promise<void>((resolve) => {
        pauses.push(ms)
        exactness.push(how)
        goOn = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
  })
  /** Ends the pause and waits for the next one. */
  const next = async () => {
    const before = pauses.length
    goOn()
    while (pauses.length === before) await new Promise(setImmediate)
  }
  return { scheduler, pauses, exactness, logged, next, begin: () => goOn() }
}

const task = (run: ScheduledTask['run'], more: Partial<ScheduledTask> = {}): ScheduledTask => ({
  name: 'sweep',
  everyMs: 1000,
  run,
  logLines: { trouble: 'it fails', over: 'it works' },
  ...more,
})

test('a task begins after its first pause, and again after each', async () => {
  const it = manualScheduler()
  let rounds = 0
  const run = async () => {
    rounds += 1
  }
  it.scheduler.add(task(run))
  expect(it.pauses).toEqual([1000])
  expect(rounds).toBe(0)
  await it.next()
  await it.next()
  expect(rounds).toBe(2)
  await it.scheduler.close()
})

test('a task that rests begins again when it says, and after four seconds at the latest', async () => {
  const it = manualScheduler()
  const rests = [undefined, 60_000, 2500, 10, -5]
  it.scheduler.add(task(async ({ rest }) => rest(rests.shift())))
  for (let round = 0; round < 5; round++) await it.next()
  expect(it.pauses.slice(1)).toEqual([4000, 4000, 2500, 500, 500])
  const [latest, before] = ['at the latest', 'not before']
  expect(it.exactness.slice(1)).toEqual([latest, latest, before, before, before])
  await it.scheduler.close()
})

test('a task may begin at once, and goes on at once while there is more', async () => {
  const it = manualScheduler()
  const answers = [true, true, false]
  it.scheduler.add(task(async () => answers.shift(), { startsAtOnce: true }))
  for (let round = 0; round < 3; round++) await it.next()
  expect(it.pauses.slice(0, 3)).toEqual([0, 0, 0])
  expect(it.pauses[3]).toBeGreaterThan(900)
  await it.scheduler.close()
})

test('a pause is a tenth shorter or longer at most', async () => {
  for (const [random, expected] of [
    [0, 900],
    [1, 1100],
  ] as const) {
    const it = manualScheduler(random)
    it.scheduler.add(task(async () => {}))
    expect(it.pauses).toEqual([expected])
    await it.scheduler.close()
  }
})

test('a round that fails is logged and counted, and the pause after it may be longer', async () => {
  const it = manualScheduler()
  const registry = new Registry()
  it.scheduler.measure(registry)
  let fails = true
  const run = async () => {
    if (fails) throw new Error('no Redis')
  }
  it.scheduler.add(task(run, { afterFaultMs: 5000 }))
  await it.next()
  expect(it.logged).toEqual(['it fails'])
  expect(it.pauses).toEqual([1000, 5000])
  fails = false
  await it.next()
  expect(it.logged).toEqual(['it fails', 'it works'])
  const metrics = await registry.metrics()
  expect(metrics).toContain('emailauth_task_runs_total{task="sweep",outcome="failed"} 1')
  expect(metrics).toContain('emailauth_task_runs_total{task="sweep",outcome="ok"} 1')
  expect(metrics).toContain('emailauth_task_duration_seconds_count{task="sweep"} 2')
  expect(metrics).toMatch(/last_success_timestamp_seconds\{task="sweep"\} \d+/)
  await it.scheduler.close()
})

test('closing waits for the round that runs, tells it to end, and begins no other', async () => {
  const it = manualScheduler()
  let hasEnded = false
  let rounds = 0
  const run = async ({ signal }: Round) => {
    rounds += 1
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await new Promise(setImmediate)
    hasEnded = true
    return true
  }
  it.scheduler.add(task(run))
  it.begin()
  while (rounds === 0) await new Promise(setImmediate)
  await it.scheduler.close()
  expect([rounds, hasEnded]).toEqual([1, true])
})

test('a round that closing cuts short has not failed', async () => {
  const it = manualScheduler()
  let rounds = 0
  const run = ({ signal }: Round) =>
    new Promise<void>((_, reject) => {
      rounds += 1
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  it.scheduler.add(task(run))
  it.begin()
  while (rounds === 0) await new Promise(setImmediate)
  await it.scheduler.close()
  expect(it.logged).toEqual([])
})

test('rounds of one task never overlap, those of two tasks do', async () => {
  const it = manualScheduler()
  let open = 0
  let most = 0
  const ends: (() => void)[] = []
  const run = async () => {
    open += 1
    most = Math.max(most, open)
    await new Promise<void>((resolve) => ends.push(resolve))
    open -= 1
    return true
  }
  it.scheduler.add(task(run, { name: 'one' }))
  it.begin()
  it.scheduler.add(task(run, { name: 'two' }))
  it.begin()
  while (ends.length < 2) await new Promise(setImmediate)
  expect(most).toBe(2)
  const closed = it.scheduler.close()
  for (const end of ends) end()
  await closed
  expect(ends).toHaveLength(2)
})

test('fewer failures in a row than a task says are a restart and no line of the log', async () => {
  const it = manualScheduler()
  const outcomes = [false, true, false, false, true]
  const run = async () => {
    if (outcomes.shift() === false) throw new Error('gone')
  }
  it.scheduler.add(task(run, { faultsLogged: 2 }))
  await it.next()
  await it.next()
  expect(it.logged).toEqual([])
  for (let round = 0; round < 3; round++) await it.next()
  expect(it.logged).toEqual(['it fails', 'it works'])
  await it.scheduler.close()
})

test('while a lease keeps back what could not be moved, empty rounds do not end the trouble', async () => {
  const it = manualScheduler()
  const rounds: ((round: Round) => void)[] = [
    ({ leased }) => {
      leased()
      throw new Error('refused')
    },
    () => {},
    ({ leased }) => leased(),
  ]
  it.scheduler.add(task(async (round) => rounds.shift()?.(round)))
  await it.next()
  await it.next()
  expect(it.logged).toEqual(['it fails'])
  await it.next()
  expect(it.logged).toEqual(['it fails', 'it works'])
  await it.scheduler.close()
})
