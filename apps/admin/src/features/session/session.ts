import type { StoredText } from '../../lib/browser-storage.ts'

/** Who is signed in, in this tab. `ended` tells that it was the gateway that ended the session. */
export type SessionState =
  | { readonly status: 'signed-out'; readonly ended: boolean }
  | { readonly status: 'signed-in'; readonly by: 'key'; readonly key: string }
  | { readonly status: 'signed-in'; readonly by: 'mail' }

/** The one place that knows how requests are authenticated; the rest of the dashboard asks for a header. */
export interface Session {
  read(): SessionState
  subscribe(listener: () => void): () => void
  /** The `Authorization` header of requests; absent when nobody is signed in, and by mail, where the browser's cookie says it. */
  authorization(): string | undefined
  signIn(key: string): void
  /** The gateway has given the browser the cookie of a session, which no script can see. */
  signInByMail(): void
  signOut(): void
  /** The gateway refused this `Authorization` header. One that is no longer in use changes nothing. */
  refuse(authorization: string | undefined): void
}

/**
 * @param stored where the key is kept: the tab's own storage, so that it ends with the tab
 * @param byMail where it is noted that the cookie is there: for every tab, as the cookie itself is
 */
export function createSession(stored: StoredText, byMail: StoredText): Session {
  const key = stored.read()
  let state: SessionState =
    key !== undefined
      ? { status: 'signed-in', by: 'key', key }
      : byMail.read() !== undefined
        ? { status: 'signed-in', by: 'mail' }
        : { status: 'signed-out', ended: false }
  const listeners = new Set<() => void>()
  const become = (next: SessionState) => {
    state = next
    stored.write(next.status === 'signed-in' && next.by === 'key' ? next.key : undefined)
    byMail.write(next.status === 'signed-in' && next.by === 'mail' ? 'yes' : undefined)
    for (const listener of listeners) listener()
  }
  const authorization = () =>
    state.status === 'signed-in' && state.by === 'key' ? bearer(state.key) : undefined
  return {
    read: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    authorization,
    signIn: (accepted) => become({ status: 'signed-in', by: 'key', key: accepted }),
    signInByMail: () => become({ status: 'signed-in', by: 'mail' }),
    signOut: () => become({ status: 'signed-out', ended: false }),
    refuse(refused) {
      if (state.status === 'signed-in' && refused === authorization())
        become({ status: 'signed-out', ended: true })
    },
  }
}

export function bearer(key: string): string {
  return `Bearer ${key}`
}
