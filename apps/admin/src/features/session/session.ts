import type { StoredText } from '../../lib/browser-storage.ts'

/** Who is signed in, in this tab. `ended` tells that it was the gateway that ended the session. */
export type SessionState =
  | { readonly status: 'signed-out'; readonly ended: boolean }
  | { readonly status: 'signed-in'; readonly key: string }

/** The one place that knows how requests are authenticated; the rest of the dashboard asks for a header. */
export interface Session {
  read(): SessionState
  subscribe(listener: () => void): () => void
  /** The `Authorization` header of requests, absent when nobody is signed in. */
  authorization(): string | undefined
  signIn(key: string): void
  signOut(): void
  /** The gateway refused this `Authorization` header. One that is no longer in use changes nothing. */
  refuse(authorization: string | undefined): void
}

/** @param stored where the key is kept: the tab's own storage, so that it ends with the tab */
export function createSession(stored: StoredText): Session {
  const key = stored.read()
  let state: SessionState =
    key === undefined ? { status: 'signed-out', ended: false } : { status: 'signed-in', key }
  const listeners = new Set<() => void>()
  const become = (next: SessionState) => {
    state = next
    stored.write(next.status === 'signed-in' ? next.key : undefined)
    for (const listener of listeners) listener()
  }
  const authorization = () => (state.status === 'signed-in' ? bearer(state.key) : undefined)
  return {
    read: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    authorization,
    signIn: (accepted) => become({ status: 'signed-in', key: accepted }),
    signOut: () => become({ status: 'signed-out', ended: false }),
    refuse(refused) {
      if (refused !== undefined && refused === authorization()) become({ status: 'signed-out', ended: true })
    },
  }
}

export function bearer(key: string): string {
  return `Bearer ${key}`
}
