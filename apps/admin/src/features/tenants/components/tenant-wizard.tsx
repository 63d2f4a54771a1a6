import '@mantine/core/styles/Checkbox.css'
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Dialog } from '../../../components/dialog.tsx'
import { Select } from '../../../components/select.tsx'
import {
  CreateApiKeyDocument,
  CreateTenantDocument,
  type VerificationMode,
} from '../../../generated/graphql.ts'
import { useAct } from '../api/use-act.ts'
import { NewKey } from './new-key.tsx'

interface TenantWizardProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Creates a tenant and its first key in two steps. */
export function TenantWizard({ opened, onClose }: TenantWizardProps) {
  const { t } = useTranslation('tenants')
  return (
    <Dialog opened={opened} title={t('new')} onClose={onClose} size="40rem">
      <Steps onClose={onClose} />
    </Dialog>
  )
}

/** `Acme Shop` becomes `acme-shop`. */
function idFrom(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
}

interface Created {
  readonly tenantId: string
  readonly apiKey: string
}

function Steps({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<Created>()
  if (created !== undefined) return <FirstKey {...created} onClose={onClose} />
  return <TenantForm onCreated={setCreated} onClose={onClose} />
}

interface TenantFormProps {
  readonly onCreated: (created: Created) => void
  readonly onClose: () => void
}

function TenantForm({ onCreated, onClose }: TenantFormProps) {
  const { t } = useTranslation('tenants')
  const { t: common } = useTranslation()
  const navigate = useNavigate()
  const { act, busy } = useAct()
  const [name, setName] = useState('')
  const [typedId, setTypedId] = useState<string>()
  const [verification, setVerification] = useState<VerificationMode>('NUMBER')
  const [testMode, setTestMode] = useState(false)
  const id = typedId ?? idFrom(name)

  async function create(event: FormEvent) {
    event.preventDefault()
    const input = { id, name: name.trim(), settings: { verification }, ...(testMode && { testMode }) }
    const made = await act(CreateTenantDocument, { input }, { failed: t('createFailed') })
    if (made === undefined) return
    const first = { name: t('firstKey'), tenantId: id, scope: 'TENANT' as const }
    const created = await act(CreateApiKeyDocument, { input: first }, { failed: t('keys.failed') })
    if (created === undefined) void navigate(`/tenants/${id}?tenant=${id}`)
    else onCreated({ tenantId: id, apiKey: created.createApiKey.key })
  }

  return (
    <form onSubmit={(event) => void create(event)}>
      <Stack gap="sm">
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          required
          data-autofocus
        />
        <TextInput
          label={t('id')}
          description={t('idHint')}
          value={id}
          onChange={(event) => setTypedId(event.currentTarget.value)}
          maxLength={40}
          required
        />
        <div>
          <Select
            label={t('field.verification')}
            value={verification}
            onChange={(value) => setVerification(value === 'BOUND' ? 'BOUND' : 'NUMBER')}
          >
            <option value="NUMBER">{t('mode.NUMBER')}</option>
            <option value="BOUND">{t('mode.BOUND')}</option>
          </Select>
        </div>
        <Checkbox
          label={t('testMode')}
          description={t('testModeHint')}
          checked={testMode}
          onChange={(event) => setTestMode(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {common('app.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The key is shown once, so the dialog stays open until the admin goes on. */
function FirstKey({ tenantId, apiKey, onClose }: Created & { readonly onClose: () => void }) {
  const { t } = useTranslation('tenants')
  const navigate = useNavigate()
  return (
    <Stack>
      <NewKey value={apiKey} hasSnippets />
      <Group justify="flex-end">
        <Button
          onClick={() => {
            onClose()
            void navigate(`/tenants/${tenantId}?tenant=${tenantId}`)
          }}
        >
          {t('toTenant')}
        </Button>
      </Group>
    </Stack>
  )
}
