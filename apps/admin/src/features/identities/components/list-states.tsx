import { Button, Code } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconFilterOff, IconMailbox } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import type { LiveIdentities } from '../api/use-identity-list.ts'
import type { View } from '../view.ts'
import styles from './list-states.module.css'

const FIRST_COMMAND = 'npx emailauth register --email ada@example.com --token hello'

interface ListStateProps {
  readonly live: LiveIdentities
  readonly view: View
  readonly onClear: () => void
}

/** Replaces the list: loading, failed, no match, or no identities. */
export function ListState({ live, view, onClear }: ListStateProps) {
  const { t } = useTranslation('identities')
  const { list, failure, refresh } = live
  if (list === undefined) {
    if (failure === undefined) return <TableSkeleton />
    // Repeating an invalid query would not help.
    const isWrong = failure.kind === 'invalid'
    return (
      <Failed
        title={t('failed')}
        failure={failure}
        {...(isWrong && { action: { label: t('filters.clear'), run: onClear } })}
        onRetry={() => void refresh()}
      />
    )
  }
  // The progress of the search stands beside the title.
  if (live.scan !== undefined) return null
  if (view.email !== undefined || view.domain !== undefined || view.delivery !== undefined) {
    return (
      <MessageState icon={<IconFilterOff />} title={t('noMatch.title')} hint={t('noMatch.hint')}>
        <Button variant="default" onClick={onClear}>
          {t('filters.clear')}
        </Button>
      </MessageState>
    )
  }
  // The command registers with the key that the reader's shell has, which may be that of another tenant.
  if (view.tenantId !== undefined) {
    const keys = new URLSearchParams({ tenant: view.tenantId, tab: 'keys' })
    return (
      <MessageState icon={<IconMailbox />} title={t('empty.title')} hint={t('empty.ofTenant')}>
        <Button
          variant="default"
          component={Link}
          to={`/tenants/${encodeURIComponent(view.tenantId)}?${keys}`}
        >
          {t('empty.keys')}
        </Button>
      </MessageState>
    )
  }
  return (
    <MessageState icon={<IconMailbox />} title={t('empty.title')} hint={t('empty.hint')}>
      <span className={styles.command}>
        <Code>{FIRST_COMMAND}</Code> <CopyIcon value={FIRST_COMMAND} what={t('empty.command')} />
      </span>
    </MessageState>
  )
}
