import { InputError } from '../client.ts'
import { invalid } from './fake-webhook-input.ts'

const KEPT_MS = 60_000

interface Kept {
  readonly at: number
  readonly input: string
  readonly answer: unknown
}

/** The input of a call. A field that is null counts as one that is absent, as with the service. */
type Input = Readonly<Record<string, unknown>> & { readonly idempotencyKey?: string | null | undefined }

/** The same key within 60 s gets the same answer, and refuses another input. */
export function createIdempotency(now: () => number) {
  const kept = new Map<string, Kept>()
  return {
    once<Answer extends { readonly __typename: string }>(
      operation: string,
      { idempotencyKey: key, ...fields }: Input,
      run: () => Answer,
    ): Answer {
      if (key === undefined || key === null) return run()
      if (!/^[\x21-\x7e]{1,200}$/.test(key))
        throw invalid('idempotencyKey', 'must be 1 to 200 printable ASCII characters without spaces.')
      const name = `${operation} ${key}`
      const input = inputOf(fields)
      const before = kept.get(name)
      if (before !== undefined && now() - before.at < KEPT_MS) {
        if (before.input !== input) throw usedBefore(operation)
        // Kept under the operation, so of its type.
        return before.answer as Answer
      }
      const answer = run()
      // A call that a limit refused has not taken effect, so it is made again.
      if (answer.__typename !== 'RateLimited') kept.set(name, { at: now(), input, answer })
      return answer
    },
  }
}

/** Spellings of one address are one input, and so are those of a number. */
function inputOf(fields: Readonly<Record<string, unknown>>): string {
  const read = ([name, value]: [string, unknown]) => {
    if (name === 'email') return [name, String(value).trim().toLowerCase()]
    return [name, name === 'number' ? String(value).replace(/\D/g, '') : value]
  }
  const given = Object.entries(fields).filter(([, value]) => (value ?? null) !== null)
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)).map(read))
}

function usedBefore(operation: string): InputError {
  const message = `This idempotency key was used for another ${operation} within the last 60 seconds; give each call its own.`
  return new InputError('BAD_USER_INPUT', message, { field: 'idempotencyKey' })
}
