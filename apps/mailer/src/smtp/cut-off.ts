/**
 * Ends work from outside, once. An AbortController does the same, but one is made for every mail, and with its signal and its listeners it costs
 * more than the SMTP replies of that mail.
 */
export class CutOff {
  /** Called when it is cut; whoever has the work in hand puts its own here. */
  onCut: (() => void) | undefined
  #isCut = false

  get isCut(): boolean {
    return this.#isCut
  }

  cut(): void {
    if (this.#isCut) return
    this.#isCut = true
    this.onCut?.()
  }
}
