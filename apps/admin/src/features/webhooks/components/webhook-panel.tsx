import { Skeleton, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../components/dialog.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconWebhookOff } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { SidePanel } from '../../../components/side-panel.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { WebhookDetailsDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { useTenantNames } from '../../tenants/api/use-tenant-names.ts'
import { TenantName } from '../../tenants/components/tenant-name.tsx'
import { useAttempts } from '../api/use-attempts.ts'
import { useReloadWebhooks } from '../api/use-webhook-acts.ts'
import type { WebhookRow } from '../api/use-webhook-list.ts'
import { CONDITION_TONES, conditionOf, shortUrl, type Webhook, type WebhookHealth } from '../webhook.ts'
import { Attempts } from './attempts.tsx'
import { RotateSecret } from './rotate-secret.tsx'
import { WebhookActs } from './webhook-acts.tsx'
import { WebhookFacts } from './webhook-facts.tsx'
import { WebhookForm } from './webhook-form.tsx'
import styles from './webhooks.module.css'

interface WebhookPanelProps {
  readonly id: string
  /** The list's row, so that the panel opens filled. */
  readonly row: WebhookRow | undefined
  readonly onClose: () => void
}

/** One endpoint: its state, what can be done to it, and its attempts. */
export function WebhookPanel({ id, row, onClose }: WebhookPanelProps) {
  const { t } = useTranslation('webhooks')
  const { data, error, refetch } = useQuery(WebhookDetailsDocument, { id })
  const webhook = data === undefined ? row?.webhook : (data.webhookEndpoint ?? undefined)
  return (
    <SidePanel label={t('panel.label')} onClose={onClose}>
      {webhook !== undefined ? (
        <Content webhook={webhook} health={row?.health} onClose={onClose} onChanged={() => void refetch()} />
      ) : data !== undefined ? (
        <MessageState icon={<IconWebhookOff />} title={t('unknown')} hint={t('unknownHint')} />
      ) : error === undefined ? (
        <Skeleton height={200} />
      ) : (
        <Failed title={t('panel.failed')} failure={toFailure(error)} onRetry={() => void refetch()} />
      )}
    </SidePanel>
  )
}

interface ContentProps {
  readonly webhook: Webhook
  readonly health: WebhookHealth | undefined
  readonly onClose: () => void
  readonly onChanged: () => void
}

function Content({ webhook, health: listed, onClose, onChanged }: ContentProps) {
  const { t } = useTranslation('webhooks')
  const reload = useReloadWebhooks()
  const names = useTenantNames()
  const [dialog, setDialog] = useState<'edit' | 'rotate'>()
  const delivery = useAttempts(webhook.id)
  const health = delivery.health ?? listed
  const condition = conditionOf(webhook, health)
  const close = () => setDialog(undefined)
  const changed = () => {
    onChanged()
    reload()
  }
  return (
    <Stack gap="lg">
      <div>
        <h2 className={styles.host}>
          {webhook.description ?? (webhook.url === '' ? webhook.id : shortUrl(webhook.url))}
        </h2>
        <div className={styles.line}>
          <StateBadge tone={CONDITION_TONES[condition]}>{t(`condition.${condition}`)}</StateBadge>
          <TenantName id={webhook.tenantId} names={names} />
        </div>
        {webhook.disabledReason !== null && (
          <p className={styles.note}>{t(`reason.${webhook.disabledReason}`)}</p>
        )}
        {condition === 'sealed' && <p className={styles.note}>{t('sealedHint')}</p>}
      </div>
      <WebhookActs
        webhook={webhook}
        failed={health?.failed ?? 0}
        onEdit={() => setDialog('edit')}
        onRotate={() => setDialog('rotate')}
        onDeleted={onClose}
        onChanged={onChanged}
      />
      <WebhookFacts webhook={webhook} health={health} />
      <Attempts webhookId={webhook.id} delivery={delivery} />
      <Dialog opened={dialog === 'edit'} title={t('edit')} onClose={close}>
        <WebhookForm
          webhook={webhook}
          onCancel={close}
          onSaved={() => {
            close()
            changed()
          }}
        />
      </Dialog>
      <Dialog opened={dialog === 'rotate'} title={t('rotateTitle')} onClose={close}>
        <RotateSecret webhookId={webhook.id} onRotated={changed} onDone={close} />
      </Dialog>
    </Stack>
  )
}
