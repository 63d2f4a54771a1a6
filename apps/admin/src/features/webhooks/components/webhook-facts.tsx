import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { CopiedValue, type Fact, Facts } from '../../../components/facts.tsx'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime } from '../../../lib/time.ts'
import type { Webhook, WebhookHealth } from '../webhook.ts'

interface WebhookFactsProps {
  readonly webhook: Webhook
  readonly health: WebhookHealth | undefined
}

/** What is known of an endpoint: never its secret. */
export function WebhookFacts({ webhook, health }: WebhookFactsProps) {
  const { t } = useTranslation('webhooks')
  const { t: events } = useTranslation('events')
  const locale = useLocale()
  const number = new Intl.NumberFormat(locale)
  const facts: readonly Fact[] = [
    [t('url'), webhook.url !== '' && <CopiedValue value={webhook.url} what={t('url')} />],
    [t('types'), webhook.eventTypes?.map((type) => events(`type.${type}`)).join(', ') ?? t('allTypes')],
    [t('waiting'), health && number.format(health.waiting)],
    [t('givenUp'), health && `${number.format(health.failed)} · ${t('givenUpHint')}`],
    [t('failingSince'), health?.failingSince && <Age since={health.failingSince} />],
    [t('lastSuccess'), health && (health.lastSuccessAt ? <Age since={health.lastSuccessAt} /> : t('never'))],
    [
      t('secret'),
      webhook.previousSecretUntil &&
        t('twoSecrets', { time: formatDateTime(locale, webhook.previousSecretUntil) }),
    ],
    [t('created'), formatDateTime(locale, webhook.createdAt)],
    [t('id'), <CopiedValue value={webhook.id} what={t('id')} />],
  ]
  return <Facts facts={facts} />
}
