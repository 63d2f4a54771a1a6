import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { readableEmail } from '../../../lib/readable-email.ts'
import type { Event } from '../api/follow-events.ts'
import { toneOf } from '../kinds.ts'

/** @param emails known addresses by identity */
export function useEventColumns(emails: ReadonlyMap<string, string>): readonly Column<Event>[] {
  const { t } = useTranslation('events')
  return useMemo(
    () => [
      {
        id: 'what',
        header: t('what'),
        width: '10rem',
        isRowHeader: true,
        cell: ({ type }) => <StateBadge tone={toneOf(type)}>{t(`type.${type}`)}</StateBadge>,
      },
      {
        id: 'about',
        header: t('about'),
        cell: ({ email, identityId, target }) => {
          const address = email ?? (identityId === null ? undefined : emails.get(identityId))
          const text = address === undefined ? (identityId ?? target ?? '') : readableEmail(address)
          if (identityId === null) return <bdi>{text}</bdi>
          return (
            <RowLink to={`/identities?${new URLSearchParams({ open: identityId })}`} title={identityId}>
              <bdi>{text}</bdi>
            </RowLink>
          )
        },
      },
      {
        id: 'tenant',
        header: t('tenant'),
        width: '16%',
        hideBelow: 'medium',
        cell: ({ tenantId }) => tenantId,
      },
      {
        id: 'by',
        header: t('by'),
        width: '20%',
        hideBelow: 'wide',
        cell: ({ actor }) =>
          actor === null
            ? ''
            : actor.kind === 'ADMIN'
              ? actor.id
              : actor.kind === 'SYSTEM'
                ? t('bySystem')
                : t('byKey', { id: actor.id }),
      },
      {
        id: 'when',
        header: t('when'),
        width: '7.5rem',
        align: 'end',
        cell: ({ at }) => <Age since={at} />,
      },
    ],
    [t, emails],
  )
}
