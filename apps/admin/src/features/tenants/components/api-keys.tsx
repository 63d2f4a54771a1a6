import { VisuallyHidden } from '@mantine/core'
import { useCallback, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { IconKey } from '../../../components/icons/page-icons.ts'
import { MessageState } from '../../../components/message-state.tsx'
import {
  type ApiKeyFactsFragment as ApiKey,
  type ApiKeyScope,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../../../generated/graphql.ts'
import { useAct } from '../api/use-act.ts'
import { isOver, useApiKeyColumns } from './api-key-columns.tsx'
import { CreateApiKey } from './create-api-key.tsx'
import { NewKey } from './new-key.tsx'

interface ApiKeysProps {
  /** Absent: the admin keys. */
  readonly tenantId?: string
  readonly keys: readonly ApiKey[]
  readonly onChanged: () => void
}

/** Id of the element that names the table. */
export const KEYS_TITLE_ID = 'keys-title'
/** A day, so that programs can be given the new key one after another. */
const OVERLAP_SECONDS = 86_400

/** A tenant's keys, or the admin keys: create, rotate with an overlap, revoke. */
export function ApiKeys({ tenantId, keys, onChanged }: ApiKeysProps) {
  const { t } = useTranslation('tenants')
  const { act, busy } = useAct()
  const isOfAdmins = tenantId === undefined
  // Newest first. All of this visit, because none is ever shown again.
  const [made, setMade] = useState<readonly string[]>([])
  const [confirmation, setConfirmation] = useState<Confirmation>()

  const show = (key: string) => setMade((others) => [key, ...others])

  async function create(name: string, scope: ApiKeyScope): Promise<boolean> {
    const whose = isOfAdmins ? { scope } : { scope: 'TENANT' as const, tenantId }
    const data = await act(CreateApiKeyDocument, { input: { name, ...whose } }, { failed: t('keys.failed') })
    if (data === undefined) return false
    show(data.createApiKey.key)
    onChanged()
    return true
  }
  const rotate = useEffectEvent(async ({ id }: ApiKey) => {
    const variables = { id, overlapSeconds: OVERLAP_SECONDS }
    const data = await act(RotateApiKeyDocument, variables, { failed: t('keys.failed') })
    if (data?.rotateApiKey) show(data.rotateApiKey.key)
    onChanged()
  })
  async function revoke(id: string, alsoMadeByIt: boolean) {
    await act(
      RevokeApiKeyDocument,
      { id, alsoMadeByIt },
      { done: t('keys.revoked'), failed: t('keys.failed') },
    )
    onChanged()
  }
  const confirmRevoke = useEffectEvent(({ id, name }: ApiKey) =>
    setConfirmation({
      title: t('keys.confirm'),
      text: t('keys.confirmText', { name }),
      act: t('keys.revoke'),
      // Only an admin key makes keys.
      ...(isOfAdmins && { more: t('keys.alsoMadeByIt') }),
      run: (alsoMadeByIt) => void revoke(id, alsoMadeByIt),
    }),
  )

  const columns = useApiKeyColumns({
    isOfAdmins,
    onRotate: useCallback((key: ApiKey) => void rotate(key), []),
    onRevoke: useCallback((key: ApiKey) => confirmRevoke(key), []),
  })
  return (
    <>
      <CreateApiKey isOfAdmins={isOfAdmins} busy={busy} onCreate={create} />
      {made.map((key, index) => (
        <NewKey key={key} value={key} hasSnippets={!isOfAdmins && index === 0} />
      ))}
      {!isOfAdmins && (
        <VisuallyHidden component="h2" id={KEYS_TITLE_ID}>
          {t('tabs.keys')}
        </VisuallyHidden>
      )}
      {keys.length === 0 ? (
        <MessageState icon={<IconKey />} title={t('keys.none')} hint={t('keys.noneHint')} />
      ) : (
        <DataTable
          columns={columns}
          rows={keys}
          idOf={({ id }) => id}
          isOver={isOver}
          labelledBy={KEYS_TITLE_ID}
        />
      )}
      <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(undefined)} />
    </>
  )
}
