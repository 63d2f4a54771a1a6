import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { RowLink } from '../../../components/data-table/row-link.tsx'
import { TwoLines } from '../../../components/data-table/two-lines.tsx'
import { Email } from '../../../components/email.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { isolate } from '../../../lib/i18n/isolate.ts'
import { useTenantNames } from '../../tenants/api/use-tenant-names.ts'
import { TenantName } from '../../tenants/components/tenant-name.tsx'
import type { Event } from '../api/follow-events.ts'
import { toneOf } from '../kinds.ts'

/**
 * @param emails known addresses by identity
 * @param isAudit whether changes have a column
 */
export function useEventColumns(
  emails: ReadonlyMap<string, string>,
  isAudit: boolean,
): readonly Column<Event>[] {
  const { t } = useTranslation('events')
  const names = useTenantNames()
  const isNarrow = useMediaQuery('(max-width: 30em)') ?? false
  return useMemo(
    () => [
      {
        id: 'what',
        header: t('what'),
        width: isNarrow ? '62%' : '12rem',
        isRowHeader: true,
        cell: (event) => (
          <TwoLines
            second={
              <>
                <About event={event} emails={emails} />
                {isAudit && event.actor !== null && (
                  <>
                    {' · '}
                    <Actor {...event.actor} />
                  </>
                )}
              </>
            }
          >
            <StateBadge tone={toneOf(event.type)}>{t(`type.${event.type}`)}</StateBadge>
          </TwoLines>
        ),
      },
      {
        id: 'about',
        header: t('about'),
        hideBelow: 'narrow',
        cell: (event) => <About event={event} emails={emails} />,
      },
      ...(isAudit
        ? [
            {
              id: 'changes',
              header: t('changes'),
              width: '22%',
              hideBelow: 'medium',
              cell: (event: Event) => <Changes event={event} />,
            } as const,
          ]
        : []),
      {
        id: 'tenant',
        header: t('tenant'),
        width: isAudit ? '13%' : '16%',
        hideBelow: 'medium',
        cell: ({ tenantId }) => tenantId !== null && <TenantName id={tenantId} names={names} />,
      },
      {
        id: 'by',
        header: t('by'),
        width: isAudit ? '17%' : '20%',
        hideBelow: 'wide',
        cell: ({ actor }) => actor !== null && <Actor {...actor} />,
      },
      {
        id: 'when',
        header: t('when'),
        width: '7.5rem',
        align: 'end',
        cell: ({ at }) => <Age since={at} />,
      },
    ],
    [t, emails, isAudit, isNarrow, names],
  )
}

/** What an admin changed: each setting as its form calls it, with its value before and after. */
function Changes({ event: { changes } }: { event: Event }) {
  const { t } = useTranslation('tenants')
  if (changes === null) return ''
  const text = changes.flatMap(({ field, before, after }) => {
    const name = field.replace(/^settings\./, '')
    // It goes up with each change, which tells nobody anything.
    if (name === 'version') return []
    const label = t(`field.${name.replace('mail.', '')}`, { defaultValue: name })
    return `${label}: ${isolate(before ?? '–')} → ${isolate(after ?? '–')}`
  })
  return <span title={text.join('\n')}>{text.join('; ')}</span>
}

/** Who did it. */
function Actor({ kind, id }: NonNullable<Event['actor']>) {
  const { t } = useTranslation('events')
  if (kind === 'ADMIN') return id
  return kind === 'SYSTEM' ? t('bySystem') : t('byKey', { id })
}

interface AboutProps {
  readonly event: Event
  readonly emails: ReadonlyMap<string, string>
}

/** The address, or what else it happened to. */
function About({ event: { email, identityId, target }, emails }: AboutProps) {
  const address = email ?? (identityId === null ? undefined : emails.get(identityId))
  const what = address === undefined ? <bdi>{identityId ?? target ?? ''}</bdi> : <Email value={address} />
  if (identityId === null) return what
  return (
    <RowLink to={`/identities?${new URLSearchParams({ open: identityId })}`} title={identityId}>
      {what}
    </RowLink>
  )
}
