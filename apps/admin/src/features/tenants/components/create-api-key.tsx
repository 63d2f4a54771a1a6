import { Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Select } from '../../../components/select.tsx'
import type { ApiKeyScope } from '../../../generated/graphql.ts'

interface CreateApiKeyProps {
  readonly isOfAdmins: boolean
  readonly busy: boolean
  /** Answers whether the key was made. */
  readonly onCreate: (name: string, scope: ApiKeyScope) => Promise<boolean>
}

/** The form for a new key. The name of a key that was made leaves the field. */
export function CreateApiKey({ isOfAdmins, busy, onCreate }: CreateApiKeyProps) {
  const { t } = useTranslation('tenants')
  const [name, setName] = useState('')
  const [scope, setScope] = useState<ApiKeyScope>('ADMIN_READ_ONLY')

  async function create(event: FormEvent) {
    event.preventDefault()
    if (await onCreate(name.trim(), scope)) setName('')
  }
  return (
    <form onSubmit={(event) => void create(event)}>
      <Group gap="xs">
        <TextInput
          aria-label={t('keys.name')}
          placeholder={t('keys.name')}
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {isOfAdmins && (
          <Select
            label={t('keys.scope')}
            value={scope}
            onChange={(value) => setScope(value === 'ADMIN' ? 'ADMIN' : 'ADMIN_READ_ONLY')}
          >
            <option value="ADMIN_READ_ONLY">{t('keys.scopes.ADMIN_READ_ONLY')}</option>
            <option value="ADMIN">{t('keys.scopes.ADMIN')}</option>
          </Select>
        )}
        <ActButton type="submit" loading={busy}>
          {t('keys.create')}
        </ActButton>
      </Group>
    </form>
  )
}
