/**
 * Cancels work once, and knows how far the work has come. Like an AbortController, but cheaper: one is made
 * for each mail, and an AbortController costs more than the SMTP replies of that mail.
 */
export class CutOff {
  /** Called by `cut`. The work that is cut off sets it. */
  onCut: ((afterDot: boolean) => void) | undefined
  /**
   * Until then (`performance.now()`) the claim on this message is ours. Later no message text is written,
   * because another mailer may already send it.
   */
  claimedUntilMs = Number.POSITIVE_INFINITY
  readonly #whole: CutOff | undefined
  #isCut = false
  #isAtDot = false

  /** @param whole cut-off of the whole attempt, when this one covers a part */
  constructor(whole?: CutOff) {
    this.#whole = whole
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** The relay has the whole message text and has not answered: it may have accepted the mail. */
  get isAtDot(): boolean {
    return this.#isAtDot
  }

  set isAtDot(isAtDot: boolean) {
    this.#isAtDot = isAtDot
    if (this.#whole !== undefined) this.#whole.isAtDot = isAtDot
  }

  /** Whether the message text may be written now. */
  get mayWrite(): boolean {
    if (this.#isCut) return false
    return this.#whole?.mayWrite ?? performance.now() < this.claimedUntilMs
  }

  /** Cancels the work. If the relay has the whole text its reply is still awaited, unless `afterDot`. */
  cut(afterDot = false): void {
    if (this.#isAtDot && !afterDot) return
    this.#isCut = true
    this.onCut?.(afterDot)
  }
}

/** What becomes of a mail that was cut before the relay had it. */
export const givenUp = () => new Error('The mail took too long.')
