import { findTypedNumber } from '@emailauth/contracts/typed-number'
import { createCooldown, RESEND_AFTER_SECONDS } from '../entry/cooldown.ts'
import { type Edited, editNumber, fillNumber } from '../entry/edit.ts'
import { type NumberFieldProblem, sentenceOf } from '../entry/problem.ts'
import { textsFor, withTime } from '../entry/texts.ts'
import type { NumberFieldTexts } from '../texts/number-field-texts.ts'
import { fieldParts } from './field-parts.ts'

export type { NumberFieldProblem } from '../entry/problem.ts'
export type { NumberFieldTexts } from '../texts/number-field-texts.ts'

// On a server there are no elements; importing this there must not fail.
const Base = (typeof HTMLElement === 'undefined' ? class {} : HTMLElement) as typeof HTMLElement

/**
 * `<emailauth-number-field>`: the number field without React. What stands inside (a label, an input, a button
 * with `data-resend`) is used as it is, so that a form from the server also works without scripts; what is
 * missing is made. Its children are in the page and not in a shadow tree, where browsers and password
 * managers would not fill them.
 *
 * Attributes: `digits`, `name`, `resend-after` (seconds; a resend button is made for it). Its language is the
 * page's `lang`. Events: `number-change` and `number-complete`, with `detail.number`.
 */
export class EmailauthNumberField extends Base {
  /** Mails the number again. Without it a button that submits its form does so. */
  onresend:
    | (() => Promise<NumberFieldProblem | { retryAfterSeconds?: number } | null | undefined> | Promise<void>)
    | undefined

  #own: Partial<NumberFieldTexts> = {}
  #parts: ReturnType<typeof fieldParts> | undefined
  #entry: Edited = fillNumber('')
  #left = 0
  readonly #cooldown = createCooldown((left) => this.#showCooldown(left))
  #listeners = new AbortController()

  /** The number without spaces; undefined while what is typed cannot be one. */
  get number(): string | undefined {
    return this.#entry.number
  }

  /** Why the last try failed; it is read out, also when it is the same once more. */
  set problem(problem: NumberFieldProblem | null | undefined) {
    this.#showProblem(problem ? sentenceOf(problem, this.#texts) : '', Boolean(problem))
  }

  /** Texts of one's own, in place of some of the language's. Set it before the element is connected. */
  set texts(own: Partial<NumberFieldTexts>) {
    this.#own = own
  }

  get #texts(): NumberFieldTexts {
    return textsFor(this.closest<HTMLElement>('[lang]')?.lang, this.#own)
  }

  get #digits(): number | undefined {
    return Number(this.getAttribute('digits')) || undefined
  }

  connectedCallback(): void {
    this.#parts = fieldParts(this, this.#texts)
    const { input, resend } = this.#parts
    this.#listeners = new AbortController()
    const { signal } = this.#listeners
    this.#change(fillNumber(input.value, this.#digits))
    input.addEventListener('input', (event) => this.#read(event), { signal })
    input.addEventListener('paste', (event) => this.#paste(event), { signal })
    if (resend === undefined) return
    // The page's own text for it stays.
    this.#own = { resend: resend.textContent?.trim() || this.#texts.resend, ...this.#own }
    resend.addEventListener('click', (event) => this.#press(event), { signal })
    this.#cooldown.start(Number(this.getAttribute('resend-after') ?? RESEND_AFTER_SECONDS))
  }

  disconnectedCallback(): void {
    this.#cooldown.stop()
    this.#listeners.abort()
  }

  #read({ inputType }: InputEvent): void {
    const input = this.#parts?.input
    if (input === undefined) return
    const caret = input.selectionStart ?? input.value.length
    const typed = { text: input.value, caret, previous: this.#entry.value, inputType }
    this.#change(editNumber(typed, this.#digits))
  }

  #paste(event: ClipboardEvent): void {
    const input = this.#parts?.input
    const number = findTypedNumber(event.clipboardData?.getData('text') ?? '', this.#digits)
    if (input === undefined || number === undefined) return
    const isAll = input.selectionStart === 0 && input.selectionEnd === input.value.length
    if (!isAll && number.length !== this.#digits) return
    event.preventDefault()
    this.#change(fillNumber(number, this.#digits))
  }

  #change(next: Edited): void {
    const { input } = this.#parts ?? {}
    if (input === undefined) return
    const isNew = next.value !== this.#entry.value
    this.#entry = next
    if (input.value !== next.value) input.value = next.value
    if (document.activeElement === input) input.setSelectionRange(next.caret, next.caret)
    if (!isNew) return
    this.#showProblem(next.hasLetters ? this.#texts.notDigits : '', next.hasLetters)
    const { number } = next
    this.dispatchEvent(new CustomEvent('number-change', { bubbles: true, detail: { number } }))
    if (number !== undefined && number.length === this.#digits) {
      this.dispatchEvent(new CustomEvent('number-complete', { bubbles: true, detail: { number } }))
    }
  }

  #showProblem(sentence: string, isInvalid: boolean): void {
    if (this.#parts === undefined) return
    const { input, problem } = this.#parts
    input.setAttribute('aria-invalid', String(isInvalid))
    // A new node is read out even if its text is the same.
    problem.replaceChildren(
      ...(sentence === '' ? [] : [Object.assign(document.createElement('span'), { textContent: sentence })]),
    )
  }

  #press(event: MouseEvent): void {
    if (this.#left > 0) {
      event.preventDefault()
      return
    }
    if (this.onresend === undefined) return
    event.preventDefault()
    void this.#resend(this.onresend)
  }

  async #resend(handler: NonNullable<EmailauthNumberField['onresend']>): Promise<void> {
    // Pressed once, until the answer is there.
    this.#left = Number.POSITIVE_INFINITY
    try {
      const answer = await handler()
      if (answer && 'code' in answer) {
        this.#showProblem(sentenceOf(answer, this.#texts), false)
        this.#cooldown.start(answer.retryAfterSeconds ?? 0)
        return
      }
      this.#showProblem('', false)
      this.#cooldown.start(
        answer?.retryAfterSeconds ?? Number(this.getAttribute('resend-after') ?? RESEND_AFTER_SECONDS),
      )
      if (this.#parts) this.#parts.notice.textContent = this.#texts.resent
    } catch {
      this.#showProblem(this.#texts.failed, false)
      this.#cooldown.start(0)
    }
  }

  #showCooldown(left: number): void {
    const { resend, notice } = this.#parts ?? {}
    if (resend === undefined || notice === undefined) return
    const hasCome = left === 0 && this.#left > 0
    this.#left = left
    const texts = this.#texts
    resend.setAttribute('aria-disabled', String(left > 0))
    resend.textContent = left > 0 ? withTime(texts.resendIn, left) : texts.resend
    // Each second would be too much to listen to: only the end is said.
    if (hasCome) notice.textContent = texts.resendReady
  }
}

if (typeof customElements !== 'undefined' && customElements.get('emailauth-number-field') === undefined) {
  customElements.define('emailauth-number-field', EmailauthNumberField)
}

declare global {
  interface HTMLElementTagNameMap {
    'emailauth-number-field': EmailauthNumberField
  }
}
