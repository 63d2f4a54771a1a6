/** What is under way, by its message's name. */
export interface ByName<Value extends object> {
  readonly size: number
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  delete(name: string): void
  values(): Value[]
}

/**
 * A dictionary and not a Map, whose table V8 replaces each time it has run full of entries that were deleted.
 * The old table points to the new one. So once a table has lived long enough to be an old object, all later
 * ones are kept until the next full collection, each with the mails of its moment.
 * `docs/performance/profile.md` has the figures.
 */
export function createByName<Value extends object>(): ByName<Value> {
  const values: Record<string, Value> = Object.create(null)
  let size = 0
  return {
    get size() {
      return size
    },
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === undefined) size += 1
      values[name] = value
    },
    delete(name) {
      if (values[name] === undefined) return
      size -= 1
      delete values[name]
    },
    values: () => Object.values(values),
  }
}
