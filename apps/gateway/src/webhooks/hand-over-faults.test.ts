import { createScheduler, type Scheduler } from '@emailauth/service/tasks/scheduler'
import { eventually } from '@emailauth/testing/eventually'
import { Registry } from 'prom-client'
import { afterEach, expect, test } from 'vitest'
import { handOverEvents } from './hand-over-events.ts'

let scheduler: Scheduler | undefined
afterEach(() => scheduler?.close())

const OUTBOX = { entries: [], deleted: ['demo.wh_0000000000000000'] }

/** What this gateway calls. Each call fails while `broken` says so. */
function start() {
  const broken = { lease: false, handOver: false, failures: false }
  const world = { broken, waiting: OUTBOX as typeof OUTBOX | undefined, lines: [] as string[], rounds: 0 }
  const work = async <Result>(part: keyof typeof broken, result: Result): Promise<Result> => {
    if (broken[part]) throw new Error(part)
    return result
  }
  const registry = new Registry()
  const tasks = handOverEvents({
    persistence: {
      leaseOutbox() {
        world.rounds += 1
        return work('lease', world.waiting ?? { entries: [], deleted: [] })
      },
      acknowledgeOutbox: async () => {},
      giveUpWebhook: async () => {},
    },
    mailer: {
      handOverWebhooks: () => work('handOver', undefined),
      webhookFailures: () => work('failures', []),
      acknowledgeWebhookFailures: async () => {},
    },
    registry,
  })
  scheduler = createScheduler({
    logger: {
      warn: (_fields: object, text: string) => void world.lines.push(text),
      info: (text: string) => void world.lines.push(text),
    } as never,
  })
  for (const task of tasks) scheduler.add({ ...task, everyMs: 1, afterFaultMs: 1 })
  const counted = async (outcome: string) => {
    const text = await registry.metrics()
    return Number(new RegExp(`_hand_overs_total{outcome="${outcome}"} (\\d+)`).exec(text)?.[1] ?? 0)
  }
  const afterRounds = async (more: number) => {
    const until = world.rounds + more
    await eventually(() => expect(world.rounds).toBeGreaterThan(until))
  }
  return Object.assign(world, { counted, afterRounds })
}

test('a mailer that takes no events is in the log and the metrics, also when the lease keeps them back', async () => {
  const world = start()
  await world.afterRounds(3)
  expect(world.lines).toEqual([])
  expect([(await world.counted('done')) > 0, await world.counted('failed')]).toEqual([true, 0])

  world.broken.handOver = true
  // Between two attempts the lease has nobody else see the events.
  for (let tries = 0; tries < 3; tries++) {
    world.waiting = OUTBOX
    await eventually(async () => expect(await world.counted('failed')).toBeGreaterThan(tries))
    world.waiting = undefined
    await world.afterRounds(3)
  }
  expect(world.lines).toEqual([expect.stringContaining('are not handed over to the mailer')])

  world.broken.handOver = false
  world.waiting = OUTBOX
  await eventually(() => expect(world.lines).toHaveLength(2))
  expect(world.lines[1]).toContain('are handed over to the mailer again')
})

test.each(['lease', 'failures'] as const)('without an answer to %s: one line, and its end', async (part) => {
  const world = start()
  world.waiting = undefined
  world.broken[part] = true
  await world.afterRounds(10)
  await eventually(() => expect(world.lines).toEqual([expect.stringContaining('look at /readyz')]))
  world.broken[part] = false
  await eventually(() => expect(world.lines).toHaveLength(2))
})
