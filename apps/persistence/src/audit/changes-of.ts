import { cutText } from '@emailauth/contracts/cut-text'
import { CHANGE_MAX_LENGTH, type EventChange } from '@emailauth/contracts/events'

/**
 * The changes that a patch makes to some values, for the audit log. What the patch does not name and what it
 * does not change is left out.
 * @param prefix of each field's name
 */
export function changesOf(prefix: string, before: object, patch: object): EventChange[] {
  // Fields are looked up by their names, which the patch has.
  const known = before as Readonly<Record<string, unknown>>
  return Object.entries(patch).flatMap(([name, value]) => {
    if (value === undefined) return []
    const change = { field: prefix + name, before: toText(known[name]), after: toText(value) }
    return change.before === change.after ? [] : [change]
  })
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return cutText(typeof value === 'string' ? value : JSON.stringify(value), CHANGE_MAX_LENGTH)
}
