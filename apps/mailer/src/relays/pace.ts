import { type CutOff, givenUp } from '../smtp/cut-off.ts'

/** Resolves when it is the mail's turn. Rejects when the mail is cut before. */
export type Pace = (cutOff: CutOff) => Promise<void>

/** Spaces mails evenly, for a relay with a rate limit. */
export function createPace(perSecond: number): Pace {
  let nextTurnAtMs = 0
  return (cutOff) => {
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextTurnAtMs)
    nextTurnAtMs = atMs + 1000 / perSecond
    return new Promise((itsTurn, failed) => {
      const timer = setTimeout(itsTurn, atMs - nowMs)
      cutOff.onCut = () => {
        clearTimeout(timer)
        failed(givenUp())
      }
    })
  }
}
