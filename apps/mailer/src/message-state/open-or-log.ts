import { UnsealError } from '@emailauth/secrets/seal'
import type { Logger } from '@emailauth/service/logger'

/** Runs `unseal`. Undefined, and logged, when it cannot be opened because its key has left the ring. */
export function openOrLog<T>(logger: Logger | undefined, unseal: () => T): T | undefined {
  try {
    return unseal()
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    logger?.warn({ err: error }, 'a message cannot be read any more')
    return undefined
  }
}
