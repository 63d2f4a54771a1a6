import { Button, Code, Skeleton } from '@mantine/core'
import { IconFilterOff, IconInbox, IconMailbox } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import styles from './list-states.module.css'

const FIRST_COMMAND = 'npx emailauth register --email ada@example.com --token hello'

/** The shape of the list while its first answer is on its way. */
export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div className={styles.skeleton} role="status" aria-label={t('app.loading')}>
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={22} radius="sm" width={`${96 - ((row * 7) % 30)}%`} />
      ))}
    </div>
  )
}

/** Nobody waits: says what to type to see somebody. */
export function NothingYet() {
  const { t } = useTranslation()
  return (
    <MessageState
      icon={<IconMailbox />}
      title={t('identities.empty.title')}
      hint={t('identities.empty.hint')}
    >
      <span className={styles.command}>
        <Code className={styles.code ?? ''}>{FIRST_COMMAND}</Code>
        <CopyIcon value={FIRST_COMMAND} what={t('identities.empty.command')} />
      </span>
    </MessageState>
  )
}

export function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation()
  return (
    <MessageState
      icon={<IconFilterOff />}
      title={t('identities.noMatch.title')}
      hint={t('identities.noMatch.hint')}
    >
      <Button variant="default" onClick={onClear}>
        {t('identities.filters.clear')}
      </Button>
    </MessageState>
  )
}

/** A later page whose identities have all gone. */
export function NothingLeft({ onNewest }: { onNewest: () => void }) {
  const { t } = useTranslation()
  return (
    <MessageState
      icon={<IconInbox />}
      title={t('identities.emptyPage.title')}
      hint={t('identities.emptyPage.hint')}
    >
      <Button variant="default" onClick={onNewest}>
        {t('identities.pages.newest')}
      </Button>
    </MessageState>
  )
}
