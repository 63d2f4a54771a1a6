/** Notifies waiters in this process that something may have changed. */
export interface Changes {
  happened(): void
  /** @returns ends it */
  subscribe(listener: () => void): () => void
}

export function createChanges(): Changes {
  const listeners = new Set<() => void>()
  return {
    happened() {
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
