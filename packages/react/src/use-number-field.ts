import { findTypedNumber } from '@emailauth/contracts/typed-number'
import {
  type ChangeEvent,
  type ClipboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { editNumber, fillNumber } from './entry/edit.ts'
import { type NumberFieldProblem, sentenceOf } from './entry/problem.ts'
import { textsFor } from './entry/texts.ts'
import type { NumberFieldTexts } from './texts/number-field-texts.ts'
import { type ResendOptions, type ResendState, useResend } from './use-resend.ts'

export interface NumberFieldOptions extends ResendOptions {
  /**
   * How many digits the number has, if that is known: it is grouped as in the mail, and `onComplete` is
   * called.
   */
  readonly digits?: number | undefined
  /** The language of the texts: `en` (default) or `es`. */
  readonly locale?: string | undefined
  /** Texts of one's own, in place of some of the locale's. */
  readonly texts?: Partial<NumberFieldTexts> | undefined
  /** Why the last try failed. A new object is read out again; the next change of the input hides it. */
  readonly problem?: NumberFieldProblem | null | undefined
  /** Called with the number at each change; undefined while what is typed cannot be one. */
  readonly onNumber?: ((number: string | undefined) => void) | undefined
  /** Called when so many digits as `digits` are there. */
  readonly onComplete?: ((number: string) => void) | undefined
}

/** What a field of one's own needs: properties to spread, and what to show. */
export interface NumberFieldState {
  readonly texts: NumberFieldTexts
  /** What the input shows. */
  readonly value: string
  readonly number: string | undefined
  /** The sentence to show, in an element with `problemProps`, which must be there all the time. */
  readonly problem: string | undefined
  /** Counts the problems. As the `key` of their text it makes the same sentence be read out once more. */
  readonly problemCount: number
  readonly inputProps: {
    readonly id: string
    readonly ref: RefObject<HTMLInputElement | null>
    readonly value: string
    readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void
    readonly onPaste: (event: ClipboardEvent<HTMLInputElement>) => void
    readonly type: 'text'
    readonly dir: 'ltr'
    readonly inputMode: 'numeric'
    readonly autoComplete: 'one-time-code'
    readonly autoCorrect: 'off'
    readonly spellCheck: false
    readonly enterKeyHint: 'done'
    readonly 'aria-invalid': boolean
    readonly 'aria-describedby': string
  }
  readonly labelProps: { readonly htmlFor: string }
  readonly problemProps: { readonly id: string; readonly role: 'alert' }
  readonly resend: ResendState
  /** Empties the input. */
  clear(): void
}

// React warns about layout effects on a server, where there is no caret to put back.
const useCaretEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/** The behaviour of the number field without its looks. */
export function useNumberField(options: NumberFieldOptions = {}): NumberFieldState {
  const { digits, locale, texts: own, problem: given, onNumber, onComplete } = options
  const texts = textsFor(locale, own)
  const id = useId()
  const ref = useRef<HTMLInputElement>(null)
  const [entry, setEntry] = useState(() => fillNumber(''))
  const [hidden, setHidden] = useState<NumberFieldProblem | null | undefined>(undefined)
  const count = useCountOf(given)
  const caret = useRef<number | undefined>(undefined)

  const change = useCallback(
    (next: ReturnType<typeof editNumber>) => {
      caret.current = next.caret
      setEntry(next)
      setHidden(given)
      onNumber?.(next.number)
      if (next.number !== undefined && next.number.length === digits) onComplete?.(next.number)
    },
    [given, digits, onNumber, onComplete],
  )
  useCaretEffect(() => {
    const at = caret.current
    caret.current = undefined
    if (at !== undefined && ref.current !== null && document.activeElement === ref.current) {
      ref.current.setSelectionRange(at, at)
    }
  })

  const resend = useResend(options, texts)
  const current = given !== hidden ? given : undefined
  let problem: string | undefined
  if (entry.hasLetters) problem = texts.notDigits
  else if (current) problem = sentenceOf(current, texts)
  else problem = resend.problem

  return {
    texts,
    value: entry.value,
    number: entry.number,
    problem,
    problemCount: count + resend.problemCount,
    inputProps: {
      id: `${id}input`,
      ref,
      value: entry.value,
      onChange: ({ target, nativeEvent }) => {
        // React types the native event of a change only as an Event.
        const { inputType } = nativeEvent as InputEvent
        const at = target.selectionStart ?? target.value.length
        change(editNumber({ text: target.value, caret: at, previous: entry.value, inputType }, digits))
      },
      onPaste: (event) => {
        const number = pastedOver(event, entry.value, digits)
        if (number === undefined) return
        event.preventDefault()
        change(fillNumber(number, digits))
      },
      type: 'text',
      dir: 'ltr',
      inputMode: 'numeric',
      autoComplete: 'one-time-code',
      autoCorrect: 'off',
      spellCheck: false,
      enterKeyHint: 'done',
      'aria-invalid': problem !== undefined && problem !== resend.problem,
      'aria-describedby': `${id}problem`,
    },
    labelProps: { htmlFor: `${id}input` },
    problemProps: { id: `${id}problem`, role: 'alert' },
    resend,
    clear: () => change(fillNumber('')),
  }
}

/** The number of a paste that is meant for the whole input; undefined: let the browser insert it. */
function pastedOver(event: ClipboardEvent<HTMLInputElement>, value: string, digits: number | undefined) {
  const { selectionStart, selectionEnd } = event.currentTarget
  const number = findTypedNumber(event.clipboardData.getData('text'), digits)
  if (number === undefined) return undefined
  const isAll = selectionStart === 0 && selectionEnd === value.length
  return isAll || number.length === digits ? number : undefined
}

/** How many different problems there have been. */
function useCountOf(problem: NumberFieldProblem | null | undefined): number {
  const [seen, setSeen] = useState({ problem, count: 0 })
  if (seen.problem === problem) return seen.count
  const next = { problem, count: seen.count + 1 }
  setSeen(next)
  return next.count
}
