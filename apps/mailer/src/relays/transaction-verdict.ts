import type { CutOff } from '../smtp/cut-off.ts'
import { classifyFailure } from '../smtp/failure.ts'
import type { RelayAnswer } from '../smtp/hand-over.ts'
import { NOT_BY_BDAT, NOT_IN_A_GROUP, type SendFailure } from '../smtp/transaction.ts'
import type { Passed } from './waiting-mails.ts'

const NO_UTF8: RelayAnswer = {
  outcome: 'unfit',
  reply: 'The SMTP server does not take addresses beyond ASCII.',
  serverFault: false,
  maybeSent: false,
}

/** The relay's answer about one message. */
export function answerOf({ sent }: Passed, { isCut }: CutOff): RelayAnswer {
  if (sent === 'unfit') return NO_UTF8
  if ('reply' in sent) return { outcome: 'sent', reply: sent.reply, serverFault: false, maybeSent: false }
  const maybeSent = sent.bodyBegan && sent.error.response === undefined
  const unanswered = maybeSent && (isCut || sent.error.code === 'ETIMEDOUT')
  return { ...classifyFailure(sent.error, isCut), maybeSent, unanswered }
}

/** Whether the connection failed and not the mail, so that a new connection may succeed. */
export function wantsNewConnection({ sent, reused }: Passed, { isCut }: CutOff): boolean {
  if (isCut || sent === 'unfit' || !('error' in sent)) return false
  if (sent.error.code === NOT_IN_A_GROUP || sent.error.code === NOT_BY_BDAT) return true
  return reused && (saidNothing(sent) || hadEnough(sent))
}

/**
 * Whether the relay cannot take grouped commands. An old connection that falls silent is more likely dead.
 */
export function isNotForGroups({ sent, reused }: Passed): boolean {
  if (sent === 'unfit' || !('error' in sent) || sent.error.code !== NOT_IN_A_GROUP) return false
  return !reused || sent.error.responseCode === 503
}

/** Whether the relay does not know BDAT, or left a message in doubt by a silence that DATA would not. */
export function isNotForBdat({ sent }: Passed): boolean {
  if (sent === 'unfit' || !('error' in sent) || !sent.isWhole) return false
  return sent.error.code === NOT_BY_BDAT || sent.error.response === undefined
}

/** The relay had closed the connection before this mail's first command. */
function saidNothing({ error, bodyBegan }: SendFailure): boolean {
  return !bodyBegan && (error.responseCode === undefined || error.responseCode === 421)
}

/** The relay accepts no more mails on this connection. */
function hadEnough({ error }: SendFailure): boolean {
  return error.command === 'MAIL FROM' && (error.responseCode ?? 0) >= 400
}
