/** A text that outlives a reload. */
export interface StoredText {
  read(): string | undefined
  /** `undefined` forgets it. */
  write(value: string | undefined): void
}

/** A place in the browser's storage. Where the browser allows none (private mode, policy) nothing is kept, and nothing fails. */
export function storedText(storage: () => Storage, key: string): StoredText {
  return {
    read() {
      try {
        return storage().getItem(key) ?? undefined
      } catch {
        return undefined
      }
    },
    write(value) {
      try {
        if (value === undefined) storage().removeItem(key)
        else storage().setItem(key, value)
      } catch {
        // Kept for this page only.
      }
    },
  }
}
