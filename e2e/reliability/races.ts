import { randomInt, randomUUID } from 'node:crypto'
import { type Answer, type GatewayClient, isAnswered } from './gateway-client.ts'

/** A number that is live, the token behind it, and an API key of its tenant. */
export interface Prize {
  readonly number: string
  readonly token: string
  readonly apiKey: string
}

/** How races ended. */
export interface Tally {
  races: number
  /** Races with more than one caller who got the token. */
  doubles: number
  /** Races that nobody won, although every caller was answered. */
  none: number
  /** Races that nobody won, and one of the callers got no answer. */
  unknown: number
  /** Winners who got another token than the one behind the number. */
  wrongToken: number
  /** Answers that are neither the token nor wrong credentials, by kind. */
  readonly others: Record<string, number>
}

export interface RaceOptions {
  readonly gateways: readonly GatewayClient[]
  readonly races: number
  readonly callersEach: number
  /** Races under way at the same time. */
  readonly atOnce: number
  /** Makes so many live numbers. */
  readonly plant: (count: number) => Promise<readonly Prize[]>
}

/** So many numbers are made before they are raced for; they live long enough for that. */
const PLANTED_AT_ONCE = 240

/**
 * Runs races: the callers of one number, each through a random gateway, start in the same turn of the event
 * loop. Every second caller sends an idempotency key and retries after a lost reply, as the contract says.
 */
export async function runRaces({ gateways, races, callersEach, atOnce, plant }: RaceOptions): Promise<Tally> {
  const tally: Tally = { races: 0, doubles: 0, none: 0, unknown: 0, wrongToken: 0, others: {} }

  async function call({ number, apiKey }: Prize, caller: number): Promise<Answer> {
    const named = caller % 2 === 0
    const input = { number, ...(named ? { idempotencyKey: randomUUID() } : {}) }
    for (let tries = 1; ; tries++) {
      const gateway = gateways[randomInt(gateways.length)] as GatewayClient
      const answer = await gateway.verify(apiKey, input)
      if (answer.kind !== 'Verified' && answer.kind !== 'WrongCredentials') {
        tally.others[answer.kind] = (tally.others[answer.kind] ?? 0) + 1
      }
      if (!named || isAnswered(answer) || tries === 10) return answer
    }
  }

  async function race(prize: Prize): Promise<void> {
    const answers = await Promise.all(Array.from({ length: callersEach }, (_, i) => call(prize, i)))
    const winners = answers.filter(({ kind }) => kind === 'Verified')
    tally.races++
    if (winners.length > 1) tally.doubles++
    else if (winners.length === 0 && answers.every(isAnswered)) tally.none++
    else if (winners.length === 0) tally.unknown++
    if (winners.some(({ token }) => token !== prize.token)) tally.wrongToken++
  }

  for (let begun = 0; begun < races; begun += PLANTED_AT_ONCE) {
    const prizes = [...(await plant(Math.min(PLANTED_AT_ONCE, races - begun)))]
    const next = async () => {
      for (let prize = prizes.pop(); prize !== undefined; prize = prizes.pop()) await race(prize)
    }
    await Promise.all(Array.from({ length: atOnce }, next))
  }
  return tally
}
