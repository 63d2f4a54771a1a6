import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { TableSkeleton } from '../../../components/data-table/table-skeleton.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Failed } from '../../../components/failed.tsx'
import { IconPlus, IconWebhook } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import { PAGE_TITLE_ID, Page } from '../../../components/page.tsx'
import splitStyles from '../../../components/split.module.css'
import '../../events/texts/texts.ts'
import { useTenantScope } from '../../tenants/tenant-scope.ts'
import { useReloadWebhooks } from '../api/use-webhook-acts.ts'
import { useWebhookList } from '../api/use-webhook-list.ts'
import '../texts/texts.ts'
import { useWebhookView } from '../view.ts'
import { NewSecret } from './new-secret.tsx'
import { useWebhookColumns } from './webhook-columns.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookPanel } from './webhook-panel.tsx'

/** The webhook endpoints of a tenant or of all, and one of them in a panel. */
export default function WebhooksPage() {
  const { t } = useTranslation('webhooks')
  const tenantId = useTenantScope()
  const view = useWebhookView()
  const list = useWebhookList(tenantId)
  const reload = useReloadWebhooks()
  const [secret, setSecret] = useState<string>()
  const columns = useWebhookColumns(tenantId, view.openPath)
  const { rows, failure } = list
  const startButton = (
    <ActButton leftSection={<IconPlus size={14} aria-hidden />} onClick={view.startNew}>
      {t('new')}
    </ActButton>
  )
  return (
    <div className={splitStyles.split}>
      <Page
        title={t('title')}
        beside={rows?.length}
        actions={rows !== undefined && rows.length > 0 && startButton}
        fill
      >
        {rows === undefined ? (
          failure === undefined ? (
            <TableSkeleton />
          ) : (
            <Failed title={t('failed')} failure={failure} onRetry={list.reload} />
          )
        ) : rows.length > 0 ? (
          <DataTable
            columns={columns}
            rows={rows}
            idOf={({ webhook }) => webhook.id}
            openId={view.open}
            labelledBy={PAGE_TITLE_ID}
            onEndReached={list.hasMore ? list.loadMore : undefined}
            fill
          />
        ) : (
          <MessageState icon={<IconWebhook />} title={t('empty')} hint={t('emptyHint')}>
            {startButton}
          </MessageState>
        )}
      </Page>
      {view.open !== undefined && (
        <WebhookPanel
          key={view.open}
          id={view.open}
          row={rows?.find(({ webhook }) => webhook.id === view.open)}
          onClose={view.close}
        />
      )}
      <Dialog
        opened={view.isNew}
        title={t(secret === undefined ? 'new' : 'secret')}
        onClose={() => {
          setSecret(undefined)
          view.endNew()
        }}
        size="40rem"
      >
        {secret === undefined ? (
          <WebhookForm
            tenantId={tenantId}
            onCancel={view.endNew}
            onCreated={(made) => {
              setSecret(made)
              reload()
            }}
          />
        ) : (
          <NewSecret
            value={secret}
            onDone={() => {
              setSecret(undefined)
              view.endNew()
            }}
          />
        )}
      </Dialog>
    </div>
  )
}
