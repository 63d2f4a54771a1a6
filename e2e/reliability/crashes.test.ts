import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import { form, report } from './form.ts'
import { audit, startLoad } from './load.ts'
import { startWorld, type World } from './world.ts'

/** Each of the four once in the short form. */
const KILLS = form(4, 200)
const CALLERS = 6
/** Rounds that must go well between two kills, so that each meets a system under load. */
const ROUNDS_BETWEEN = form(8, 15)

/** A mailer takes the mails of a dead one over when their lease of 5 s is over. */
const ORPHANS_TAKEN_OVER_MS = 10_000

/** A mail that arrived so long before a kill may not have been noted down by then. */
const NOTED_WITHIN_MS = 100

/** The mailer does not come next after Redis, so that a second mail can be attributed to a kill. */
const VICTIMS = ['Redis', 'persistence', 'gateway', 'mailer'] as const

test(
  `kill -9 of everything in turn, ${KILLS} times, under load: what was acknowledged holds`,
  async () => {
    const world = await startWorld({
      pairs: 1,
      redis: ['--appendonly', 'yes', '--appendfsync', 'always'],
      smtpConnections: 1,
    })
    try {
      const key = await world.newTenant()
      const load = startLoad(world, key, CALLERS)
      const { used } = load.ledger
      const arrivals: number[] = []
      world.smtp.script.data = () => {
        arrivals.push(performance.now())
        return undefined
      }
      const kills: Kill[] = []
      for (let i = 0; i < KILLS; i++) {
        const goal = used.length + ROUNDS_BETWEEN
        await eventually(() => expect(used.length).toBeGreaterThan(goal), 60_000)
        // At any moment of a call, not only just after one has ended.
        await wait(Math.random() * 20)
        const victim = VICTIMS[i % VICTIMS.length] ?? 'gateway'
        kills.push({ victim, at: performance.now() })
        await processOf(world, victim).restart()
      }
      const ledger = await load.stop()
      await eventually(async () => {
        const { ok } = await fetch(`${world.gateways[0]?.url}/readyz`)
        expect(ok).toBe(true)
      })
      // By then a mail that is to come twice has come.
      const age = () => performance.now() - (kills.at(-1)?.at ?? 0)
      await eventually(() => expect(age()).toBeGreaterThan(ORPHANS_TAKEN_OVER_MS), 2 * ORPHANS_TAKEN_OVER_MS)
      const { lost, twice, unknownLive } = await audit(world, key, ledger)
      const duplicates = duplicateMails(world, arrivals, kills)
      const measurements = {
        kills: KILLS,
        acknowledged: [ledger.live, ledger.used, ledger.unknown, ledger.unmailed].flat().length,
        neverAskedFor: ledger.live.length,
        verified: ledger.used.length,
        unansweredVerifies: ledger.unknown.length,
        ofTheseStillLive: unknownLive,
        notMailedAtOnce: ledger.unmailed.length,
        unanswered: Object.fromEntries(ledger.faults),
        lost,
        acceptedTwice: twice,
        wrong: ledger.wrong.length,
        mails: world.smtp.mails.length,
        duplicateMailsAfterAKillOf: duplicates,
      }
      report('kill -9 under load', measurements)
      expect(ledger.wrong).toEqual([])
      expect({ lost, twice }).toEqual({ lost: 0, twice: 0 })
      // A killed mailer had one mail in flight and may not have recorded it. While Redis is down, no mail in
      // flight can be recorded: one of each caller.
      const killsOf = (name: string) => kills.filter(({ victim }) => victim === name).length
      const sum = Object.values(duplicates).reduce((before, count) => before + count, 0)
      expect(duplicates.mailer ?? 0).toBeLessThanOrEqual(killsOf('mailer'))
      expect(sum).toBeLessThanOrEqual(killsOf('mailer') + CALLERS * killsOf('Redis'))
    } finally {
      await world.stop()
    }
  },
  form(240_000, 3_600_000),
)

function processOf(world: World, victim: (typeof VICTIMS)[number]) {
  const found = {
    persistence: world.persistences[0],
    gateway: world.gateways[0],
    Redis: world.redis,
    mailer: world.mailer,
  }[victim]
  if (found === undefined) throw new Error(`There is no ${victim}.`)
  return found
}

interface Kill {
  readonly victim: (typeof VICTIMS)[number]
  readonly at: number
}

/**
 * Duplicate mails of each message, by the victim of the next kill after the first. A mail by `resend` is a
 * new message.
 */
function duplicateMails({ smtp }: World, arrivals: readonly number[], kills: readonly Kill[]) {
  const firstAt = new Map<string, number>()
  const counts: Record<string, number> = {}
  for (const [i, { raw }] of smtp.mails.entries()) {
    const id = /^Message-ID: (.+)$/im.exec(raw)?.[1] ?? ''
    const at = firstAt.get(id)
    if (at === undefined) firstAt.set(id, arrivals[i] ?? 0)
    else {
      const victim = kills.find((kill) => kill.at > at - NOTED_WITHIN_MS)?.victim ?? 'nobody'
      counts[victim] = (counts[victim] ?? 0) + 1
    }
  }
  return counts
}
