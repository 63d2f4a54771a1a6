import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { type Answer, createGatewayClient, type GatewayClient, isAnswered } from './gateway-client.ts'
import { type Watched, watchReadiness } from './watch-readiness.ts'
import { freshAddress, numberIn } from './world.ts'

/** Callers that sign in without a pause, by two gateways of which either may be cut off at any time. */
export interface SignIns {
  /** Sign-ins that were completed. */
  count(): number
  /** Calls that were repeated, because there was no answer or their mail failed. */
  repeated(): number
  /** Every way in which an answer was wrong. */
  readonly wrong: string[]
  /** Resolves after so many more sign-ins. */
  goOn(more: number): Promise<void>
  /** Milliseconds from a moment to the last call that had to be repeated, or 0; until another moment. */
  troubleAfter(from: number, until?: number): number
  /** The longest time between two completed sign-ins since a moment, in ms. */
  pauseAfter(from: number): number
  /** Verifies what was acknowledged and not asked for. Answers how many. */
  verifyTheRest(): Promise<number>
  /** Lets the callers finish. */
  stop(): Promise<void>
  close(): Promise<void>
}

export interface SignInsOptions {
  readonly gateways: readonly [string, string]
  readonly key: string
  readonly smtp: Pick<TestSmtp, 'mails'>
  readonly callers: number
}

type Target = GatewayClient & Watched

/** A caller gives a call up after this time and asks the other gateway. */
const ANSWER_MS = 3000
const CHECK_MS = 250
const BEFORE_A_REPEAT_MS = 100
/** Every so many sign-ins one is left unverified until the end. */
const LEFT_EVERY = 5
const MAIL_MS = 60_000

export function createSignIns({ gateways, key, smtp, callers }: SignInsOptions): SignIns {
  const targets: Target[] = gateways.map((url) => ({
    ...createGatewayClient(url, 64, ANSWER_MS),
    url,
    isReady: true,
  }))
  const unwatch = watchReadiness(targets, CHECK_MS)
  const wrong: string[] = []
  const troubles: number[] = []
  const completed: number[] = []
  const left: { readonly number: string; readonly token: string }[] = []
  let turn = 0
  let count = 0
  let begun = 0
  let isOver = false
  let lastTrouble = ''

  /** Asks again, under the same key, until there is an answer. */
  async function answered(ask: (gateway: GatewayClient) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const ready = targets.filter(({ isReady }) => isReady)
      const from = ready.length > 0 ? ready : targets
      const answer = await ask(from[turn++ % from.length] as Target)
      if (isAnswered(answer)) return answer
      troubles.push(performance.now())
      lastTrouble = answer.text
      await wait(BEFORE_A_REPEAT_MS)
    }
  }

  async function verify(number: string, token: string): Promise<void> {
    const idempotencyKey = randomUUID()
    const verified = await answered((gateway) => gateway.verify(key, { number, idempotencyKey }))
    if (verified.token !== token) wrong.push(`an acknowledged number was lost: ${verified.text}`)
    const again = await answered((gateway) => gateway.verify(key, { number, idempotencyKey: randomUUID() }))
    if (again.kind !== 'WrongCredentials') wrong.push(`a number was taken twice: ${again.text}`)
  }

  /** The number of a mail that FAILED lives, and its caller is told to have it mailed again. */
  async function mailAgain({ identityId, delivery }: Answer): Promise<void> {
    for (let last = delivery; last === 'FAILED'; ) {
      troubles.push(performance.now())
      await wait(BEFORE_A_REPEAT_MS)
      const resent = await answered((gateway) => gateway.resend(key, identityId))
      if (resent.kind !== 'Registered') return void wrong.push(`resend: ${resent.text}`)
      last = resent.delivery
    }
  }

  async function signIn(): Promise<void> {
    const [email, token, idempotencyKey] = [freshAddress(), randomUUID(), randomUUID()]
    const registered = await answered((gateway) => gateway.register(key, { email, token, idempotencyKey }))
    if (registered.kind !== 'Registered') {
      wrong.push(`register: ${registered.text}`)
      return
    }
    await mailAgain(registered)
    const number = await eventually(() => {
      const mail = smtp.mails.findLast(({ to }) => to.includes(email))
      if (mail === undefined) throw new Error(`no mail to ${email}: ${registered.text}`)
      return numberIn(mail)
    }, MAIL_MS)
    if (begun++ % LEFT_EVERY === 0) left.push({ number, token })
    else await verify(number, token)
    count += 1
    completed.push(performance.now())
  }

  const running = Array.from({ length: callers }, async () => {
    while (!isOver)
      await signIn().catch((error: unknown) => {
        wrong.push(String(error))
      })
  })

  return {
    wrong,
    count: () => count,
    repeated: () => troubles.length,
    goOn(more) {
      const before = count
      return eventually(() => {
        if (count < before + more)
          throw new Error(
            `${count - before} sign-ins of ${more}; the last trouble: ${lastTrouble} ${wrong.at(-1)}`,
          )
      }, MAIL_MS)
    },
    troubleAfter(from, until = Number.POSITIVE_INFINITY) {
      const last = troubles.findLast((at) => at >= from && at < until)
      return last === undefined ? 0 : Math.round(last - from)
    },
    pauseAfter(from) {
      const ends = [from, ...completed.filter((at) => at >= from), performance.now()]
      return Math.round(Math.max(...ends.slice(1).map((at, i) => at - (ends[i] ?? at))))
    },
    async verifyTheRest() {
      for (const { number, token } of left) await verify(number, token)
      return left.length
    },
    async stop() {
      isOver = true
      await Promise.all(running)
    },
    async close() {
      isOver = true
      unwatch()
      await Promise.all(targets.map((target) => target.close()))
      await Promise.all(running)
    },
  }
}
