/**
 * Ends work from outside, once, and tells how far that work has come. An AbortController does the same, but one is made for every
 * mail, and with its signal and its listeners it costs more than the SMTP replies of that mail.
 */
export class CutOff {
  /** Called when it is cut; whoever has the work in hand puts its own here. */
  onCut: ((afterDot: boolean) => void) | undefined
  /**
   * Until when (`performance.now()`) the claim on this message is surely ours. After it no message text is written, because
   * another mailer may have begun to send it.
   */
  claimedUntilMs = Number.POSITIVE_INFINITY
  readonly #whole: CutOff | undefined
  #isCut = false
  #isAtDot = false

  /** @param whole of the whole attempt, when this one is of a part of it */
  constructor(whole?: CutOff) {
    this.#whole = whole
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** The message text is written, and the relay has neither answered nor closed: it may have the mail. */
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

  /** Gives up; a relay that has the whole text is waited for all the same, unless `afterDot`. */
  cut(afterDot = false): void {
    if (this.#isAtDot && !afterDot) return
    this.#isCut = true
    this.onCut?.(afterDot)
  }
}
