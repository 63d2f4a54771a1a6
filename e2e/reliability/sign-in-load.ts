import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect } from 'vitest'
import type { Call } from './balancer.ts'
import { form } from './form.ts'
import { freshAddress, numberIn } from './world.ts'

export const CALLERS = form(4, 8)
/**
 * The short form runs beside other tests, which callers at full speed would starve. A caller rests as long as
 * its last one took, a second at most: a busy machine, on which restarts take longer, has no more to do.
 */
const restMs = (roundMs: number) => form(Math.min(Math.max(40, roundMs), 1000), 0)
const AFTER_A_FAILURE_MS = 25
/** Says that Redis did not answer within a second, which happens on a busy machine, restart or none. */
export const TOO_LATE = 'This call came too late; nothing was done.'

const REGISTER =
  'mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Registered { delivery } } }'
const VERIFY =
  'mutation ($input: VerifyInput!) { answer: verify(input: $input) { __typename ... on Verified { token } } }'

/**
 * Callers that register, read the mail and verify; in the full form without a pause. What is no good answer
 * is a failure, but for calls that were too late.
 */
export function startSignIns(smtp: TestSmtp, call: Call) {
  const failures: string[] = []
  let signIns = 0
  let tooLate = 0
  let underWay = 0
  let isOver = false

  const callAndCount: Call = async (query, input) => {
    underWay += 1
    try {
      return await call(query, input)
    } finally {
      underWay -= 1
    }
  }

  /** Repeats a call that did nothing because it was late, as its answer asks for. */
  const ask: Call = async (query, input) => {
    for (;;) {
      try {
        return await callAndCount(query, input)
      } catch (error) {
        if (!String(error).includes(TOO_LATE)) throw error
        tooLate += 1
        await wait(AFTER_A_FAILURE_MS)
      }
    }
  }

  async function signIn(): Promise<void> {
    const email = freshAddress()
    const token = randomUUID()
    const registered = await ask(REGISTER, { email, token, idempotencyKey: randomUUID() })
    if (registered.delivery === 'FAILED' || registered.delivery === undefined) {
      throw new Error(`register: ${JSON.stringify(registered)}`)
    }
    const number = await eventually(async () => {
      const mail = smtp.mails.find(({ to }) => to.includes(email))
      if (mail === undefined) throw new Error(`no mail to ${email}`)
      return numberIn(mail)
    }, 60_000)
    const verified = await ask(VERIFY, { number, idempotencyKey: randomUUID() })
    if (verified.token !== token) throw new Error(`verify: ${JSON.stringify(verified)}`)
    signIns += 1
  }
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      const beganAt = performance.now()
      await signIn().catch(async (error: unknown) => {
        failures.push(`${error} ${(error as { code?: string }).code ?? ''}`)
        // Not to spin when nothing can be reached any more.
        await wait(AFTER_A_FAILURE_MS)
      })
      const ms = restMs(performance.now() - beganAt)
      if (ms > 0) await wait(ms)
    }
  })
  return {
    failures,
    signIns: () => signIns,
    tooLate: () => tooLate,
    /** Most callers wait for an answer, which a restart may cut off. */
    isUnderWay: () => eventually(() => expect(underWay).toBeGreaterThan(CALLERS / 2), 60_000),
    goesOn(more: number) {
      const before = signIns
      return eventually(() => expect(signIns).toBeGreaterThanOrEqual(before + more), 60_000)
    },
    async stop() {
      isOver = true
      await Promise.all(callers)
    },
  }
}
