import { VisuallyHidden } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Event } from '../api/follow-events.ts'
import { EventAbout } from './event-about.tsx'
import { EventActor } from './event-actor.tsx'
import { EventBadge } from './event-badge.tsx'
import styles from './event-list.module.css'

interface EventListProps {
  readonly events: readonly Event[]
  /** The addresses of identities, as far as they are known. */
  readonly emails: ReadonlyMap<string, string>
  readonly labelledBy: string
}

interface EventRowProps {
  readonly event: Event
  readonly email: string | undefined
}

const emailOf = ({ email, identityId }: Event, emails: ReadonlyMap<string, string>) =>
  email ?? (identityId === null ? undefined : emails.get(identityId))

export function EventTable({ events, emails, labelledBy }: EventListProps) {
  const { t } = useTranslation('events')
  return (
    <table className={styles.table} aria-labelledby={labelledBy}>
      <caption>
        <VisuallyHidden>{t('caption')}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('when')}</th>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('about')}</th>
          <th scope="col">{t('tenant')}</th>
          <th scope="col">{t('by')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRow key={event.cursor} event={event} email={emailOf(event, emails)} />
        ))}
      </tbody>
    </table>
  )
}

const EventRow = memo(function EventRow({ event, email }: EventRowProps) {
  return (
    <tr>
      <td>
        <Age since={event.at} />
      </td>
      <td>
        <EventBadge type={event.type} />
      </td>
      <td>
        <EventAbout event={event} email={email} />
      </td>
      <td className={styles.cut}>{event.tenantId}</td>
      <td className={styles.cut}>
        <EventActor actor={event.actor} />
      </td>
    </tr>
  )
})

/** The same list for narrow screens. */
export function EventCards({ events, emails, labelledBy }: EventListProps) {
  return (
    <ul className={styles.cards} aria-labelledby={labelledBy}>
      {events.map((event) => (
        <EventCard key={event.cursor} event={event} email={emailOf(event, emails)} />
      ))}
    </ul>
  )
}

const EventCard = memo(function EventCard({ event, email }: EventRowProps) {
  return (
    <li className={styles.card}>
      <div className={styles.top}>
        <EventBadge type={event.type} />
        <span className={styles.dimmed}>
          <Age since={event.at} />
        </span>
      </div>
      <EventAbout event={event} email={email} />
      <span className={styles.dimmed}>
        {event.tenantId}
        {event.tenantId !== null && event.actor !== null && ' · '}
        <EventActor actor={event.actor} />
      </span>
    </li>
  )
})
