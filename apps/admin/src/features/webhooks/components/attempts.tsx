import { Button, Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { StateBadge, type Tone } from '../../../components/state-badge.tsx'
import type { WebhookOutcome } from '../../../generated/graphql.ts'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useRowActs } from '../../../lib/row-acts.ts'
import { formatDateTime, formatDuration, formatTime } from '../../../lib/time.ts'
import type { Attempt, useAttempts } from '../api/use-attempts.ts'
import { useWebhookActs } from '../api/use-webhook-acts.ts'
import styles from './webhooks.module.css'

const TONES: Readonly<Record<WebhookOutcome, Tone>> = {
  DELIVERED: 'good',
  RETRYING: 'warning',
  FAILED: 'bad',
}

interface AttemptsProps {
  readonly webhookId: string
  readonly delivery: ReturnType<typeof useAttempts>
}

/** The log of attempts, newest first. Each event of it can be sent again. */
export function Attempts({ webhookId, delivery }: AttemptsProps) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { attempts, failure, hasMore, loadMore, reload } = delivery
  const { replay } = useWebhookActs()
  // By event, because each of its attempts has a row.
  const replays = useRowActs()
  const again = (eventId: string) =>
    void replays.run(eventId, () => replay({ endpointId: webhookId, eventIds: [eventId] }))
  return (
    <section aria-labelledby="attempts-title">
      <h3 className={styles.heading} id="attempts-title">
        {t('attempts.title')}
        <span>{t('attempts.hint')}</span>
      </h3>
      {attempts === undefined ? (
        failure === undefined ? (
          <Skeleton height={120} />
        ) : (
          <FailureAlert
            title={t('attempts.failed')}
            failure={failure}
            action={{ label: common('app.retry'), run: reload }}
          />
        )
      ) : attempts.length === 0 ? (
        <p className={styles.note}>{t('attempts.none')}</p>
      ) : (
        <ul className={styles.list}>
          {attempts.map(({ cursor, node }) => (
            <AttemptLine key={cursor} attempt={node} busy={replays.busy.has(node.eventId)} onReplay={again} />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button variant="default" onClick={loadMore}>
          {t('attempts.older')}
        </Button>
      )}
    </section>
  )
}

interface AttemptLineProps {
  readonly attempt: Attempt
  readonly busy: boolean
  readonly onReplay: (eventId: string) => void
}

function AttemptLine({ attempt, busy, onReplay }: AttemptLineProps) {
  const { t } = useTranslation('webhooks')
  const { t: events } = useTranslation('events')
  const locale = useLocale()
  // A newer gateway may have more types, which are shown as it names them.
  const type = events(`type.${attempt.type}`, { defaultValue: attempt.type })
  const details = [
    attempt.status === null ? undefined : `HTTP ${attempt.status}`,
    formatDuration(locale, attempt.durationMs),
    t('attempts.number', { number: attempt.attempt }),
    attempt.nextAttemptAt === null
      ? undefined
      : t('attempts.next', { time: formatTime(locale, attempt.nextAttemptAt) }),
    attempt.error ?? undefined,
  ]
  return (
    <li className={styles.attempt}>
      <span className={styles.what}>
        <StateBadge tone={TONES[attempt.outcome]}>{t(`attempts.outcome.${attempt.outcome}`)}</StateBadge>
        <strong>{type}</strong>
        <span title={formatDateTime(locale, attempt.at)}>
          <Age since={attempt.at} />
        </span>
      </span>
      {attempt.type !== 'WEBHOOK_TESTED' && (
        <ActButton
          variant="subtle"
          size="compact-xs"
          loading={busy}
          aria-label={t('attempts.replayWhich', { type, time: formatTime(locale, attempt.at) })}
          onClick={() => onReplay(attempt.eventId)}
        >
          {t('attempts.replay')}
        </ActButton>
      )}
      <span className={styles.detail}>{details.filter((part) => part !== undefined).join(' · ')}</span>
    </li>
  )
}
