import { createHash, createHmac } from 'node:crypto'

/** One showing of the form, sent with a number. */
export interface Attempt {
  readonly identityId: string
  /** From the form's hidden field, so the sender can choose it. */
  readonly attempt: string
  readonly number: string
}

/** What the number of an attempt is verified with. */
export interface AttemptNames {
  /** The one-time result that the number trades for. */
  readonly result: string
  /** The same form sent twice, by a double click, is one call and has one answer. */
  readonly idempotencyKey: string
}

/**
 * Derives both from the attempt under a key that all gateways have. So the answer to a form that was sent
 * twice brings the same result, whichever gateway gets it, and nobody else can compute one.
 */
export function createAttemptNames(serviceToken: string): (attempt: Attempt) => AttemptNames {
  const key = createHash('sha256').update(`emailauth hosted page\n${serviceToken}`).digest()
  return (attempt) => {
    const input = JSON.stringify([attempt.identityId, attempt.attempt, attempt.number])
    const of = (what: string) => createHmac('sha256', key).update(`${what}\n${input}`).digest('base64url')
    return { result: of('result'), idempotencyKey: `page.${of('call')}` }
  }
}
