import { Code, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import type { MessageState, MessagesInStateQuery } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatTime } from '../../../lib/time.ts'
import { useMessages } from '../api/use-messages.ts'
import styles from './list.module.css'
import { Pager } from './pager.tsx'
import { Trouble } from './trouble.tsx'

interface MessageListProps {
  readonly tenantId: string
  readonly state: MessageState
}

/** A tenant's mails in one state: what the mail server said, when, and about which identity. */
export function MessageList({ tenantId, state }: MessageListProps) {
  const { t } = useTranslation('mail')
  const [after, setAfter] = useState<string>()
  const known = useMessages(tenantId, state, after)
  const { data: page, failure } = known
  const isPart = after !== undefined || page?.pageInfo.hasNextPage === true
  return (
    <>
      <Trouble known={known} title={t('messages.failed')} />
      {page === undefined && failure === undefined && <Skeleton height={64} />}
      {page?.nodes.length === 0 && (
        <Text size="sm" c="dimmed" mb={isPart ? 'sm' : 0}>
          {t(isPart ? 'messages.noneHere' : 'messages.empty')}
        </Text>
      )}
      {page !== undefined && page.nodes.length > 0 && (
        <ul className={styles.list} aria-label={t(`messages.state.${state}`)} aria-busy={known.stale}>
          {page.nodes.map((message) => (
            <Row key={`${message.identityId} ${message.messageId}`} message={message} />
          ))}
        </ul>
      )}
      <Pager after={after} pageInfo={page?.pageInfo} onPage={setAfter} />
    </>
  )
}

function Row({ message }: { readonly message: MessagesInStateQuery['messages']['nodes'][number] }) {
  const { t } = useTranslation('mail')
  const locale = useLocale()
  const { identityId, attempts, updatedAt, nextAttemptAt, reply } = message
  return (
    <li className={styles.message}>
      <Text size="sm" component="span" className={styles.text ?? ''}>
        {reply ?? t('messages.noReply')}
      </Text>
      <Text size="xs" c="dimmed" component="span">
        <Age since={updatedAt} /> · {t('messages.attempts', { count: attempts })}
        {nextAttemptAt && ` · ${t('messages.next', { time: formatTime(locale, nextAttemptAt) })}`}
      </Text>
      <Code className={styles.text ?? ''}>{identityId}</Code>
    </li>
  )
}
