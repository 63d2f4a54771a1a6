import { waitingTime } from '@emailauth/contracts/waiting-time'
import { secondsToResend } from './resend-timer.ts'
import { filled, textsIn } from './texts.ts'
import { field, type Visit } from './visit.ts'

/** What an act has done, for the form that it leads back to. */
export type Said =
  | { readonly said: 'wrong' | 'resent' | 'rejected' }
  /** A limit refused a number, or a resend. */
  | { readonly said: 'limited' | 'resend-limited'; readonly retryAfterSeconds: number }

/** What the form says about the last act. */
interface FormFeedback {
  readonly problem?: string
  readonly notice?: string
}

/** No limit of mails or numbers is longer. */
const LONGEST_WAIT_SECONDS = 86_400

/** The query of the form after an act. Its times are Unix milliseconds, for a page that is loaded later. */
export function queryAfter({ request, frame }: Visit, act: Said, nowMs: number): URLSearchParams {
  const query = new URLSearchParams({ returnTo: frame.backTo, said: act.said })
  const after = (seconds: number) => String(nowMs + seconds * 1000)
  if ('retryAfterSeconds' in act) query.set('until', after(act.retryAfterSeconds))
  if (act.said === 'resent') query.set('resendAt', after(secondsToResend(frame.tenant, nowMs, nowMs)))
  else if (act.said === 'resend-limited') query.set('resendAt', after(act.retryAfterSeconds))
  else {
    // The form knows of a resend before this act. The identity does not.
    const resendAt = field(request, 'resendAt')
    if (isTime(resendAt)) query.set('resendAt', resendAt)
  }
  return query
}

/** What the act before this GET has done. A link with other words gets the same page without them. */
export function feedbackOf({ request, frame }: Visit, nowMs: number): FormFeedback {
  const texts = textsIn(frame.language)
  switch (field(request, 'said')) {
    case 'wrong':
      return { problem: texts.wrong }
    case 'resent':
      return { notice: texts.resent }
    case 'rejected':
      return { problem: texts.rejected }
    case 'limited':
    case 'resend-limited': {
      const seconds = secondsUntil(field(request, 'until'), nowMs)
      // A page that is loaded again after the wait has nothing to say about it.
      if (seconds === undefined || seconds === 0) return {}
      return { problem: filled(texts.limited, { time: waitingTime(seconds) }) }
    }
    default:
      return {}
  }
}

/** Seconds until this page offers to mail the number again. */
export function resendInSecondsOf({ request, frame }: Visit, createdAt: string, nowMs: number): number {
  const said = secondsUntil(field(request, 'resendAt'), nowMs)
  return said ?? secondsToResend(frame.tenant, Date.parse(createdAt), nowMs)
}

/** undefined: it is no time. */
function secondsUntil(time: string | undefined, nowMs: number): number | undefined {
  if (!isTime(time)) return undefined
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(0, Math.ceil((Number(time) - nowMs) / 1000)))
}

const isTime = (text: string | undefined): text is string => /^\d{1,15}$/.test(text ?? '')
