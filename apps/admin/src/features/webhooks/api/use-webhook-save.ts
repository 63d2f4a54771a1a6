import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UpdateWebhookDocument, WebhookDetailsDocument } from '../../../generated/graphql.ts'
import { keysOf } from '../../../lib/typed-record.ts'
import { useVersionedSave } from '../../versions/api/use-versioned-save.ts'
import type { ShownFields } from '../../versions/conflict.ts'
import type { Webhook, WebhookFields } from '../webhook.ts'

interface WebhookSave {
  /** The endpoint as the list has it now. undefined: it is being created. */
  readonly webhook: Webhook | undefined
  /** What is typed. */
  readonly fields: WebhookFields
  shownOf(fields: WebhookFields): ShownFields
  onSaved(): void
}

const NEW: Pick<Webhook, 'id' | 'tenantId' | 'version'> & WebhookFields = {
  id: '',
  tenantId: '',
  version: 0,
  url: '',
  description: null,
  eventTypes: null,
}

/** Saves the form of an endpoint over the version that it was opened with. Only changed fields are sent. */
export function useWebhookSave({ webhook, fields, shownOf, onSaved }: WebhookSave) {
  const { t } = useTranslation('webhooks')
  // The list loads again under the open form.
  const [base] = useState(webhook ?? NEW)
  const { id, tenantId } = base
  const changes = changesOf(base, fields)
  return useVersionedSave({
    tenantId,
    id,
    base,
    versionOf: ({ version }: typeof NEW) => version,
    shownOf,
    yours: shownOf(fields),
    words: { done: t('saved'), failed: t('failedToChange') },
    saving: {
      document: UpdateWebhookDocument,
      variablesOver: ({ version: ifVersion }: typeof NEW) => ({ input: { id, ifVersion, ...changes } }),
      thingIn: ({ updateWebhookEndpoint }) => updateWebhookEndpoint.endpoint,
    },
    loading: { document: WebhookDetailsDocument, thingIn: ({ webhookEndpoint }) => webhookEndpoint },
    onSaved,
    onTaken: onSaved,
    // The page has to show it.
    onGone: onSaved,
  })
}

function changesOf(before: WebhookFields, after: WebhookFields): Partial<WebhookFields> {
  const changed = keysOf(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  return Object.fromEntries(changed.map((name) => [name, after[name]]))
}
