import { useEffect, useRef, useState } from 'react'
import { type Cooldown, createCooldown, RESEND_AFTER_SECONDS } from './entry/cooldown.ts'
import { type NumberFieldProblem, sentenceOf } from './entry/problem.ts'
import { withTime } from './entry/texts.ts'
import type { NumberFieldTexts } from './texts/number-field-texts.ts'

/** What a resend came to: nothing when it went out, or why it did not. */
export type ResendAnswer = NumberFieldProblem | { readonly retryAfterSeconds?: number } | null | undefined

export interface ResendOptions {
  /** Mails the number again. A rejected promise counts as a fault. Without it there is no button. */
  readonly onResend?: (() => Promise<ResendAnswer> | Promise<void> | ResendAnswer) | undefined
  /** Seconds until it may be pressed, from the first showing and after each mail. Default: 30. */
  readonly resendAfterSeconds?: number | undefined
}

export interface ResendState {
  /** 0: it may be pressed. */
  readonly secondsLeft: number
  readonly isPending: boolean
  /** The button's text. */
  readonly text: string
  readonly problem: string | undefined
  readonly problemCount: number
  /** To be read out, in an element with `noticeProps` that is there all the time. */
  readonly notice: string
  readonly noticeProps: { readonly role: 'status' }
  /** The button keeps its focus while it cannot be pressed, so it is `aria-disabled` and not `disabled`. */
  readonly buttonProps: {
    readonly type: 'button'
    readonly onClick: () => void
    readonly 'aria-disabled': boolean
  }
}

export function useResend(options: ResendOptions, texts: NumberFieldTexts): ResendState {
  const { onResend, resendAfterSeconds = RESEND_AFTER_SECONDS } = options
  const [secondsLeft, setSecondsLeft] = useState(resendAfterSeconds)
  const [outcome, setOutcome] = useState({ problem: '', notice: '', count: 0 })
  const [isPending, setIsPending] = useState(false)
  const cooldown = useRef<Cooldown>(undefined)
  const isOffered = onResend !== undefined

  useEffect(() => {
    if (!isOffered) return
    const made = createCooldown(setSecondsLeft)
    cooldown.current = made
    made.start(resendAfterSeconds)
    return () => made.stop()
  }, [isOffered, resendAfterSeconds])

  const announce = (problem: string, notice: string) =>
    setOutcome(({ count }) => ({ problem, notice, count: count + 1 }))

  async function press() {
    if (secondsLeft > 0 || isPending || onResend === undefined) return
    setIsPending(true)
    try {
      const answer = await onResend()
      if (answer && 'code' in answer) {
        announce(sentenceOf(answer, texts), '')
        cooldown.current?.start(answer.retryAfterSeconds ?? 0)
      } else {
        announce('', texts.resent)
        cooldown.current?.start(answer?.retryAfterSeconds ?? resendAfterSeconds)
      }
    } catch {
      announce(texts.failed, '')
    } finally {
      setIsPending(false)
    }
  }

  const isReady = isOffered && secondsLeft === 0
  return {
    secondsLeft,
    isPending,
    text: secondsLeft > 0 ? withTime(texts.resendIn, secondsLeft) : texts.resend,
    problem: outcome.problem === '' ? undefined : outcome.problem,
    problemCount: outcome.count,
    // Each second would be too much to listen to: only the beginning and the end are said.
    notice: isReady && !isPending && outcome.problem === '' ? texts.resendReady : outcome.notice,
    noticeProps: { role: 'status' },
    buttonProps: {
      type: 'button',
      onClick: () => void press(),
      'aria-disabled': secondsLeft > 0 || isPending,
    },
  }
}
