/** A text that survives a reload. */
export interface StoredText {
  read(): string | undefined
  /** `undefined` removes it. */
  write(value: string | undefined): void
}

/** One item of the browser's storage. If the browser forbids storage, nothing is kept and nothing fails. */
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
