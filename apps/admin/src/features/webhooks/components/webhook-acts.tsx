import { Alert, Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { SendTestEventDocument, type SendTestEventMutation } from '../../../generated/graphql.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { useReloadWebhooks, useWebhookActs } from '../api/use-webhook-acts.ts'
import { shortUrl, type Webhook } from '../webhook.ts'
import { ReplayFailed } from './replay-failed.tsx'
import styles from './webhooks.module.css'

interface WebhookActsProps {
  readonly webhook: Webhook
  /** Events that were given up. */
  readonly failed: number
  readonly onEdit: () => void
  readonly onRotate: () => void
  readonly onDeleted: () => void
  readonly onChanged: () => void
}

type TestAttempt = SendTestEventMutation['sendTestEvent']['attempt']

/** What can be done to an endpoint. */
export function WebhookActs(props: WebhookActsProps) {
  const { webhook, failed, onEdit, onRotate, onDeleted, onChanged } = props
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { act, busy: isTesting } = useAct()
  const { enable, remove, busy } = useWebhookActs()
  const reload = useReloadWebhooks()
  const [confirmation, setConfirmation] = useState<Confirmation>()
  const [isReplaying, setReplaying] = useState(false)
  const [tested, setTested] = useState<TestAttempt>()
  const { id, url, disabledAt } = webhook
  const isDisabled = disabledAt !== null
  const isSealed = url === ''

  async function sendTest() {
    setTested(undefined)
    const data = await act(SendTestEventDocument, { id }, { failed: t('test.failed') })
    setTested(data?.sendTestEvent.attempt)
    reload()
  }
  async function setEnabled(enabled: boolean) {
    await enable(id, enabled)
    onChanged()
  }
  const askDisable = () =>
    setConfirmation({
      title: t('disableTitle'),
      text: t('disableText'),
      act: t('disable'),
      run: () => void setEnabled(false),
    })
  const askDelete = () =>
    setConfirmation({
      title: t('deleteTitle'),
      text: t('deleteText', { url: isSealed ? id : shortUrl(url) }),
      act: t('delete'),
      run: () => void remove(id).then((done) => done && onDeleted()),
    })

  return (
    <div>
      <div className={styles.acts}>
        {!isSealed && (
          <ActButton variant="default" loading={isTesting} onClick={() => void sendTest()}>
            {t('test.send')}
          </ActButton>
        )}
        {isDisabled && !isSealed && (
          <ActButton loading={busy} onClick={() => void setEnabled(true)}>
            {t('enable')}
          </ActButton>
        )}
        {failed > 0 && !isSealed && (
          <ActButton variant="default" onClick={() => setReplaying(true)}>
            {t('replay.failedOnes')}
          </ActButton>
        )}
        <RowMenu label={common('app.table.actionsFor', { name: webhook.description ?? shortUrl(url) })}>
          {!isSealed && <Menu.Item onClick={onEdit}>{t('edit')}</Menu.Item>}
          {!isSealed && <Menu.Item onClick={onRotate}>{t('rotate')}</Menu.Item>}
          {!isSealed && failed === 0 && (
            <Menu.Item onClick={() => setReplaying(true)}>{t('replay.failedOnes')}</Menu.Item>
          )}
          {!isDisabled && !isSealed && <Menu.Item onClick={askDisable}>{t('disable')}</Menu.Item>}
          <Menu.Item c="var(--app-bad)" onClick={askDelete}>
            {t('delete')}
          </Menu.Item>
        </RowMenu>
      </div>
      <div role="status" className={styles.tested}>
        {tested !== undefined && <Tested attempt={tested} />}
      </div>
      <Dialog opened={isReplaying} title={t('replay.title')} onClose={() => setReplaying(false)}>
        <ReplayFailed webhookId={id} onDone={() => setReplaying(false)} />
      </Dialog>
      <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(undefined)} />
    </div>
  )
}

/** What came of a test event. */
function Tested({ attempt }: { attempt: TestAttempt }) {
  const { t } = useTranslation('webhooks')
  if (attempt === null) return <Alert color="red" title={t('test.gone')} />
  const { outcome, status, error, durationMs } = attempt
  const isGood = outcome === 'DELIVERED'
  const facts = [status === null ? undefined : `HTTP ${status}`, `${durationMs} ms`, error ?? undefined]
  return (
    <Alert color={isGood ? 'green' : 'red'} title={t(isGood ? 'test.delivered' : 'test.refused')}>
      {facts.filter((fact) => fact !== undefined).join(' · ')}
    </Alert>
  )
}
