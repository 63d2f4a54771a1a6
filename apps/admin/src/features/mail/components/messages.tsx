import { useTranslation } from 'react-i18next'
import type { MessageState } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useMessageCounts } from '../api/use-message-counts.ts'
import { MESSAGE_STATES } from '../view.ts'
import { MessageList } from './message-list.tsx'
import styles from './messages.module.css'
import { Section } from './section.tsx'
import { Trouble } from './trouble.tsx'

interface MessagesProps {
  readonly tenantId: string
  readonly state: MessageState
  readonly onState: (state: MessageState) => void
}

/** How many messages reached which state, and those of one. */
export function Messages({ tenantId, state, onState }: MessagesProps) {
  const { t } = useTranslation('mail')
  const locale = useLocale()
  const counts = useMessageCounts(tenantId)
  const countOf = (asked: MessageState) => counts.data?.find((one) => one.state === asked)?.count
  return (
    <Section title={t('messages.title')} hint={t('messages.hint')}>
      <Trouble known={counts} title={t('messages.countsFailed')} />
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
            <span>{t(`messages.state.${one}`)}</span>{' '}
            <span className={styles.count}>{countOf(one)?.toLocaleString(locale) ?? '–'}</span>
          </button>
        ))}
      </div>
      <MessageList key={state} tenantId={tenantId} state={state} />
    </Section>
  )
}
