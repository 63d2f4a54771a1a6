import { Link } from 'react-router'
import type { Event } from '../api/follow-events.ts'
import styles from './event-list.module.css'

interface EventAboutProps {
  readonly event: Event
  /** The address of its identity, when it is known from another event. */
  readonly email: string | undefined
}

/** Whom or what an event is about: the address, the identity, or what an admin changed. */
export function EventAbout({ event: { identityId, target }, email }: EventAboutProps) {
  const id = identityId ?? target
  return (
    <>
      {email !== undefined && <span className={styles.email}>{email}</span>}
      {identityId !== null ? (
        <Link className={styles.id} to={`/identities?${new URLSearchParams({ open: identityId })}`}>
          {identityId}
        </Link>
      ) : (
        id !== null && <span className={styles.id}>{id}</span>
      )}
    </>
  )
}
