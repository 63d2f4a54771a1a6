import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { form } from './form.ts'
import { type Answer, isAnswered } from './gateway-client.ts'
import { type Entry, emptyLedger, type Ledger } from './ledger.ts'
import { freshAddress, type World } from './world.ts'

/** What callers know of a system: its gateways, and the mails of its people. */
export type Called = Pick<World, 'clients' | 'numbersMailedTo'>

/** A caller that got no answer lets the service breathe before the next call. */
const AFTER_A_FAULT_MS = 25
/**
 * The short form runs beside other tests, which callers at full speed would starve. A caller rests as long as
 * its last round took, a second at most: a busy machine, on which all takes longer, has no more to do.
 */
const restMs = (roundMs: number) => form(Math.min(Math.max(20, roundMs), 1000), 0)
/** A named call is asked again for so long; its answer is kept for 60 s. */
const ASKED_AGAIN_MS = 30_000
/** A mail that was queued comes with a retry, or when the lease of a dead mailer is over. */
const MAIL_MS = 60_000

/** Callers that register and verify until they are stopped; in the full form without a pause. */
export function startLoad(world: Called, key: string, callers: number) {
  const ledger = emptyLedger()
  const [gateway] = world.clients
  if (gateway === undefined) throw new Error('There is no gateway.')
  let stopped = false

  const once = async (call: () => Promise<Answer>): Promise<Answer> => {
    const answer = await call()
    if (!isAnswered(answer)) {
      ledger.faults.set(answer.kind, (ledger.faults.get(answer.kind) ?? 0) + 1)
      await wait(AFTER_A_FAULT_MS)
    }
    return answer
  }
  /** As a caller does who has named the call. */
  const untilAnswered = (call: () => Promise<Answer>) =>
    eventually(async () => {
      const answer = await once(call)
      if (!isAnswered(answer)) throw new Error(answer.text)
      return answer
    }, ASKED_AGAIN_MS)

  /** One person's way; every second one names the calls, and every third never brings the number back. */
  async function round(i: number): Promise<void> {
    const named = i % 2 === 0
    const ask = named ? untilAnswered : once
    const name = named ? { idempotencyKey: randomUUID() } : {}
    const email = freshAddress()
    const token = randomUUID()
    const registered = await ask(() => gateway!.register(key, { email, token, ...name }))
    if (!isAnswered(registered)) return
    const { identityId, delivery } = registered
    if (registered.kind !== 'Registered') {
      ledger.wrong.push(`register: ${registered.text}`)
      return
    }
    if (delivery === 'FAILED') {
      ledger.unmailed.push({ email, token, identityId })
      await wait(AFTER_A_FAULT_MS)
      return
    }
    const number = await eventually(() => numberMailedTo(world, email), MAIL_MS)
    const entry = { email, token, identityId, number }
    if (i % 3 === 0) {
      ledger.live.push(entry)
      return
    }
    const verified = await ask(() => gateway!.verify(key, { number, ...name }))
    if (!isAnswered(verified)) ledger.unknown.push(entry)
    else if (verified.kind === 'Verified' && verified.token === token) ledger.used.push(entry)
    else ledger.wrong.push(`verify of a live number: ${verified.text}`)
  }

  const working = Array.from({ length: callers }, async (_, caller) => {
    for (let i = caller; !stopped; i++) {
      const beganAt = performance.now()
      await round(i)
      const ms = restMs(performance.now() - beganAt)
      if (ms > 0) await wait(ms)
    }
  })
  return {
    ledger,
    async stop(): Promise<Ledger> {
      stopped = true
      await Promise.all(working)
      return ledger
    },
  }
}

function numberMailedTo(world: Called, email: string): string {
  const number = world.numbersMailedTo(email).at(-1)
  if (number === undefined) throw new Error(`No mail has come to ${email}.`)
  return number
}

/**
 * Compares the ledger with the store: how many acknowledged numbers are lost, and how many are accepted
 * twice.
 */
export async function audit(world: Called, key: string, ledger: Ledger) {
  const [gateway] = world.clients
  if (gateway === undefined) throw new Error('There is no gateway.')
  const kinds = async (entries: readonly Entry[]) => {
    const found: Answer[] = []
    for (const { number } of entries) found.push(await gateway.verify(key, { number }))
    return found
  }
  const accepted = (answers: readonly Answer[]) => answers.filter(({ kind }) => kind === 'Verified').length

  const unmailed: Entry[] = []
  for (const entry of ledger.unmailed) {
    await gateway.resend(key, entry.identityId)
    unmailed.push({ ...entry, number: await eventually(() => numberMailedTo(world, entry.email), MAIL_MS) })
  }
  const live = [...ledger.live, ...unmailed]
  const lost = live.length - accepted(await kinds(live))
  const everUsed = [...live, ...ledger.used]
  const twice = accepted(await kinds(everUsed))
  // Whether these are dead is not known; once asked for they are.
  const unknownLive = accepted(await kinds(ledger.unknown))
  return { lost, twice: twice + accepted(await kinds(ledger.unknown)), unknownLive }
}
