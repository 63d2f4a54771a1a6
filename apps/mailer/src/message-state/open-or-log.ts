import { UnsealError } from '@emailauth/secrets/seal'
import type { Logger } from '@emailauth/service/logging/logger'
import { createTroubleLog, type TroubleLog } from '@emailauth/service/logging/trouble-log'

/** A waiting mail is looked at every few seconds, so a missing key would fill the log. */
export function createOpenLog(logger: Logger | undefined): TroubleLog {
  return createTroubleLog(logger, {
    trouble: 'the state of a message cannot be read: its key has left the ring',
  })
}

/** Runs `unseal`. Undefined, and logged, when it cannot be opened because its key has left the ring. */
export function openOrLog<T>(log: Pick<TroubleLog, 'fault'>, unseal: () => T): T | undefined {
  try {
    return unseal()
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    log.fault({ err: error })
    return undefined
  }
}
