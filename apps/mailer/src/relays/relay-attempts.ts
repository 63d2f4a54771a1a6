import { CutOff } from '../smtp/cut-off.ts'
import { classifyFailure, smtpFailureOf } from '../smtp/failure.ts'
import type { OutgoingMail, RelayAnswer } from '../smtp/hand-over.ts'
import { NO_CONNECTION_FREE } from '../smtp/own-bounds.ts'
import type { RelayForms } from './relay-forms.ts'
import type { SessionPool } from './session-pool.ts'
import { answerOf, wantsNewConnection } from './transaction-verdict.ts'
import { NoConnectionFree } from './waiting-mails.ts'

/** Attempts to hand one mail to a relay, each over as many connections as it needs. They never throw. */
export interface RelayAttempts {
  make(mail: OutgoingMail): Promise<RelayAnswer>
  /** An attempt while another relay could take the mail. It is given up if its text has not begun by then. */
  makeWithin(mail: OutgoingMail, ms: number): Promise<RelayAnswer>
}

/** Rejects the mails that wait for a connection when the circuit opens. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/** Extra connections for one mail: one may be worn out, and the next may not support pipelining. */
const MORE_CONNECTIONS = 2

/** The answer of a relay that is not asked because its circuit is open. */
export const CIRCUIT_OPEN = deferral('The SMTP server did not answer lately; it is asked again soon.')
const BUSY = deferral(NO_CONNECTION_FREE)
/** The same while the server answers nobody. It opens no circuit: with each mail a connection tries anew. */
const IN_VAIN: RelayAnswer = {
  ...deferral('The SMTP server answers on none of its connections; the mail waits.'),
  serverFault: true,
  isUnasked: false,
}
const SILENT = deferral('The SMTP server did not answer in time; another one was asked.')

export function createRelayAttempts(
  pool: Pick<SessionPool, 'send' | 'lastAnswerAtMs' | 'isSilent'>,
  forms: Pick<RelayForms, 'note'>,
): RelayAttempts {
  async function make(mail: OutgoingMail): Promise<RelayAnswer> {
    try {
      let passed = await pool.send(mail)
      forms.note(passed)
      for (let i = 0; i < MORE_CONNECTIONS && wantsNewConnection(passed, mail.cutOff); i++) {
        passed = await pool.send(mail, true)
        forms.note(passed)
      }
      return answerOf(passed, mail.cutOff)
    } catch (error) {
      if (error instanceof CircuitOpen) return CIRCUIT_OPEN
      if (error instanceof NoConnectionFree) return pool.isSilent ? IN_VAIN : BUSY
      return { ...classifyFailure(smtpFailureOf(error), mail.cutOff.isCut), maybeSent: false }
    }
  }

  return {
    make,
    async makeWithin(mail, ms) {
      const { cutOff: whole } = mail
      const cutOff = new CutOff(whole)
      const startedAtMs = performance.now()
      const late = setTimeout(() => cutOff.cut(), ms)
      whole.onCut = (afterDot) => cutOff.cut(afterDot)
      const answer = await make({ ...mail, cutOff })
      clearTimeout(late)
      whole.onCut = undefined
      if (answer.outcome === 'sent' || !cutOff.isCut || whole.isCut) return answer
      return { ...SILENT, serverFault: pool.lastAnswerAtMs < startedAtMs, isUnasked: false }
    },
  }
}

/** Whether an answer proves neither a working relay nor a broken one. */
export function saysNothing(answer: RelayAnswer, { isCut }: CutOff): boolean {
  return answer.isUnasked === true || answer === IN_VAIN || (isCut && answer.outcome !== 'sent')
}

/** The answer of a relay that was not asked. */
export function deferral(reply: string): RelayAnswer {
  return { outcome: 'deferred', reply, serverFault: false, maybeSent: false, isUnasked: true }
}
