import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/Radio.css'
import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { CreateWebhookDocument, type EventType } from '../../../generated/graphql.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { useTenantChoices } from '../../tenants/api/use-tenant-choices.ts'
import { ConflictDialog } from '../../versions/components/conflict-dialog.tsx'
import { useWebhookSave } from '../api/use-webhook-save.ts'
import { WEBHOOK_TYPES, type Webhook, type WebhookFields } from '../webhook.ts'
import styles from './webhooks.module.css'

interface WebhookFormProps {
  /** The endpoint to change. Absent: a new one. */
  readonly webhook?: Webhook
  /** The tenant of a new one. undefined: it is chosen here. */
  readonly tenantId?: string | undefined
  readonly onCancel: () => void
  /** Called with the secret, which no later answer carries. */
  readonly onCreated?: (secret: string) => void
  readonly onSaved?: () => void
}

/** Creates an endpoint, or changes its URL, events and description. */
export function WebhookForm({ webhook, tenantId, onCancel, onCreated, onSaved }: WebhookFormProps) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { t: events } = useTranslation('events')
  const { act, busy: isCreating } = useAct()
  const [of, setOf] = useState(webhook?.tenantId ?? tenantId ?? '')
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [description, setDescription] = useState(webhook?.description ?? '')
  const [types, setTypes] = useState<readonly EventType[] | null>(webhook?.eventTypes ?? null)
  const [isTried, setTried] = useState(false)
  const isUrl = /^https?:\/\/[^\s/]+/i.test(url.trim()) && URL.canParse(url.trim())
  const isReady = isUrl && of !== '' && types?.length !== 0

  const fields = {
    url: url.trim(),
    description: description.trim() === '' ? null : description.trim(),
    eventTypes: types === null ? null : [...types],
  }
  const shownOf = ({ url: to, description: about, eventTypes }: WebhookFields) => ({
    [t('url')]: to,
    [t('description')]: about ?? '',
    [t('types')]:
      eventTypes === null ? t('allTypes') : eventTypes.map((type) => events(`type.${type}`)).join(', '),
  })
  const { conflict, busy, save, keepYours, takeTheirs, close } = useWebhookSave({
    webhook,
    fields,
    shownOf,
    onSaved: () => onSaved?.(),
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!isReady) return
    if (webhook !== undefined) return save()
    const input = { tenantId: of, ...fields }
    const made = await act(CreateWebhookDocument, { input }, { failed: t('failedToCreate') })
    if (made !== undefined) onCreated?.(made.createWebhookEndpoint.secret)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <ConflictDialog conflict={conflict} onKeep={keepYours} onTake={takeTheirs} onClose={close} />
      <Stack gap="md">
        {webhook === undefined && tenantId === undefined && (
          <TenantField value={of} onChange={setOf} isMissing={isTried && of === ''} />
        )}
        <TextInput
          label={t('url')}
          description={t('urlHint')}
          placeholder="https://shop.example.com/hooks/emailauth"
          type="url"
          inputMode="url"
          value={url}
          maxLength={2048}
          autoComplete="off"
          spellCheck={false}
          error={isTried && !isUrl && t('wrongUrl')}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={t('description')}
          description={t('descriptionHint')}
          value={description}
          maxLength={80}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TypesField types={types} onChange={setTypes} isTried={isTried} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {common('app.cancel')}
          </Button>
          <Button type="submit" loading={busy || isCreating}>
            {t(webhook === undefined ? 'create' : 'save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface TenantFieldProps {
  readonly value: string
  readonly isMissing: boolean
  readonly onChange: (tenantId: string) => void
}

function TenantField({ value, isMissing, onChange }: TenantFieldProps) {
  const { t } = useTranslation('webhooks')
  const tenants = useTenantChoices(undefined)
  return (
    <div className={styles.field}>
      <Select inForm label={t('tenant')} value={value} onChange={onChange}>
        <option value="">{t('chooseTenant')}</option>
        {tenants.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {isMissing && (
        <div className={styles.wrong} role="alert">
          {t('chooseTenant')}
        </div>
      )}
    </div>
  )
}

interface TypesFieldProps {
  /** null: all of them. */
  readonly types: readonly EventType[] | null
  readonly isTried: boolean
  readonly onChange: (types: readonly EventType[] | null) => void
}

function TypesField({ types, isTried, onChange }: TypesFieldProps) {
  const { t } = useTranslation('webhooks')
  const { t: events } = useTranslation('events')
  const toggle = (type: EventType) => {
    const before = types ?? []
    onChange(before.includes(type) ? before.filter((one) => one !== type) : [...before, type])
  }
  return (
    <fieldset className={styles.group}>
      <legend>{t('types')}</legend>
      <Radio
        name="types"
        label={t('allTypes')}
        description={t('allTypesHint')}
        checked={types === null}
        onChange={() => onChange(null)}
      />
      <Radio
        name="types"
        label={t('someTypes')}
        checked={types !== null}
        onChange={() => onChange(types ?? [])}
      />
      {types !== null && (
        <div className={styles.types}>
          {WEBHOOK_TYPES.map((type) => (
            <Checkbox
              key={type}
              size="xs"
              label={events(`type.${type}`)}
              checked={types.includes(type)}
              onChange={() => toggle(type)}
            />
          ))}
        </div>
      )}
      {isTried && types?.length === 0 && (
        <div className={styles.wrong} role="alert">
          {t('noType')}
        </div>
      )}
    </fieldset>
  )
}
