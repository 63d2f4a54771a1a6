/** Why a request was given up. @param timeoutMs what was left of the call's time, which is rarely whole */
export const noReplyWithin = (timeoutMs: number): Error =>
  new Error(`no reply within ${Math.round(timeoutMs)} ms`)
