import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import { UpdateWebhookDocument, WebhookDetailsDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { keysOf } from '../../../lib/typed-record.ts'
import { useAct } from '../../tenants/api/use-act.ts'
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
  const client = useGraphql()
  const toast = useToast()
  const { actOnVersion, busy } = useAct()
  // The list loads again under the open form.
  const [base] = useState(webhook ?? NEW)
  const { id, tenantId } = base
  const changes = changesOf(base, fields)
  const words = { done: t('saved'), failed: t('failedToChange') }
  const versioned = useVersionedSave<typeof NEW>({
    tenantId,
    id,
    base,
    versionOf: ({ version }) => version,
    shownOf,
    yours: shownOf(fields),
    async send({ version: ifVersion }) {
      const data = await actOnVersion(UpdateWebhookDocument, { input: { id, ifVersion, ...changes } }, words)
      if (data === 'stale' || data === undefined) return data
      const { endpoint } = data.updateWebhookEndpoint
      // Somebody has deleted it, which the page has to show.
      if (endpoint === null) onSaved()
      return endpoint ?? undefined
    },
    async load() {
      try {
        return (await client.ask(WebhookDetailsDocument, { id })).webhookEndpoint ?? undefined
      } catch (error) {
        toast.failed(words.failed, toFailure(error))
        return undefined
      }
    },
    onSaved,
    onTaken: onSaved,
  })
  return { ...versioned, busy }
}

function changesOf(before: WebhookFields, after: WebhookFields): Partial<WebhookFields> {
  const changed = keysOf(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
  return Object.fromEntries(changed.map((name) => [name, after[name]]))
}
