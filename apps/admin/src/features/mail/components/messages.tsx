import { useQuery } from '@apollo/client/react'
import { Button, Code, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import {
  MessageCountsDocument,
  type MessageState,
  MessagesInStateDocument,
  type MessagesInStateQuery,
} from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatTime } from '../../../lib/time.ts'
import { polled } from '../../../lib/use-polling.ts'
import { POLL_MS } from '../poll-ms.ts'
import { MESSAGE_STATES } from '../view.ts'
import styles from './messages.module.css'
import { Section } from './section.tsx'

interface MessagesProps {
  readonly tenantId: string
  readonly state: MessageState
  readonly onState: (state: MessageState) => void
}

/** How many messages reached which state, and those of one. */
export function Messages({ tenantId, state, onState }: MessagesProps) {
  const { t } = useTranslation('mail')
  const locale = useLocale()
  const { data } = useQuery(MessageCountsDocument, { variables: { tenantId }, ...polled(POLL_MS) })
  const countOf = (asked: MessageState) => data?.messageCounts.find((one) => one.state === asked)?.count
  return (
    <Section title={t('messages.title')} hint={t('messages.hint')}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent, and these choose what is shown. */}
      <div className={styles.states} role="group" aria-label={t('messages.states')}>
        {MESSAGE_STATES.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.state}
            aria-pressed={one === state}
            onClick={() => onState(one)}
          >
            <span>{t(`messages.state.${one}`)}</span>
            <span className={styles.count}>{countOf(one)?.toLocaleString(locale) ?? '–'}</span>
          </button>
        ))}
      </div>
      <MessageList key={state} tenantId={tenantId} state={state} />
    </Section>
  )
}

const PAGE_SIZE = 10

function MessageList({ tenantId, state }: Omit<MessagesProps, 'onState'>) {
  const { t } = useTranslation('mail')
  const [after, setAfter] = useState<string | null>(null)
  const { data, error } = useQuery(MessagesInStateDocument, {
    variables: { tenantId, state, first: PAGE_SIZE, after },
    ...polled(POLL_MS),
  })
  if (error && !data) return <FailureAlert title={t('messages.failed')} failure={toFailure(error)} />
  const { nodes = [], pageInfo } = data?.messages ?? {}
  return (
    <>
      {error && <FailureAlert title={t('messages.failed')} failure={toFailure(error)} mb="sm" />}
      {data && nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('messages.empty')}
        </Text>
      )}
      <ul className={styles.list}>
        {nodes.map((message) => (
          <Row key={`${message.identityId} ${message.messageId}`} message={message} />
        ))}
      </ul>
      <Group gap="xs">
        {after !== null && (
          <Button size="xs" variant="default" onClick={() => setAfter(null)}>
            {t('messages.newest')}
          </Button>
        )}
        {pageInfo?.hasNextPage && (
          <Button size="xs" variant="default" onClick={() => setAfter(pageInfo.endCursor ?? null)}>
            {t('messages.older')}
          </Button>
        )}
      </Group>
    </>
  )
}

function Row({ message }: { readonly message: MessagesInStateQuery['messages']['nodes'][number] }) {
  const { t } = useTranslation('mail')
  const locale = useLocale()
  const { identityId, attempts, updatedAt, nextAttemptAt, reply } = message
  return (
    <li className={styles.row}>
      <Text size="sm" component="span" className={styles.reply ?? ''}>
        {reply ?? '–'}
      </Text>
      <Text size="xs" c="dimmed" component="span">
        <Age since={updatedAt} /> · {t('messages.attempts', { count: attempts })}
        {nextAttemptAt && ` · ${t('messages.next', { time: formatTime(locale, nextAttemptAt) })}`}
      </Text>
      <Code className={styles.id ?? ''}>{identityId}</Code>
    </li>
  )
}
