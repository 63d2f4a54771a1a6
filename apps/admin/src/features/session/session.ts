import type { StoredText } from '../../lib/browser-storage.ts'

/** This tab's sign-in. `ended`: the gateway ended the session. */
export type SessionState =
  | { readonly status: 'signed-out'; readonly ended: boolean }
  | { readonly status: 'signed-in'; readonly by: 'key'; readonly key: string }
  | { readonly status: 'signed-in'; readonly by: 'mail' }

/** Knows how requests are authenticated. Everything else only asks it for a header. */
export interface Session {
  read(): SessionState
  subscribe(listener: () => void): () => void
  /** The `Authorization` header. Absent when signed out, and with a session by mail, which uses a cookie. */
  authorization(): string | undefined
  signIn(key: string): void
  /** The gateway has set a session cookie, which no script can read. */
  signInByMail(): void
  signOut(): void
  /** The gateway refused this `Authorization` header. An old header changes nothing. */
  refuse(authorization: string | undefined): void
  /** Another tab may have signed in or out by mail. */
  reread(): void
}

/**
 * @param stored storage of the key: the tab's own, so that the key ends with the tab
 * @param byMail notes that the cookie exists: for all tabs, like the cookie
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
    reread() {
      const isNoted = byMail.read() !== undefined
      if (state.status === 'signed-out' && isNoted) become({ status: 'signed-in', by: 'mail' })
      if (state.status === 'signed-in' && state.by === 'mail' && !isNoted)
        become({ status: 'signed-out', ended: true })
    },
  }
}

export function bearer(key: string): string {
  return `Bearer ${key}`
}
