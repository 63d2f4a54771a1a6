import { InputError } from '../client.ts'

const KEPT_MS = 60_000

/** The same key within 60 s gets the same answer. */
export function createIdempotency(now: () => number) {
  const kept = new Map<string, { readonly at: number; readonly answer: unknown }>()
  return {
    once<Answer>(operation: string, key: string | null | undefined, run: () => Answer): Answer {
      if (key === undefined || key === null) return run()
      if (!/^[\x20-\x7e]{1,200}$/.test(key)) {
        const field = 'idempotencyKey'
        throw new InputError('BAD_USER_INPUT', `${field} must be 1 to 200 printable ASCII characters.`, {
          field,
        })
      }
      const name = `${operation} ${key}`
      const before = kept.get(name)
      if (before !== undefined && now() - before.at < KEPT_MS) return before.answer as Answer
      const answer = run()
      kept.set(name, { at: now(), answer })
      return answer
    },
  }
}
