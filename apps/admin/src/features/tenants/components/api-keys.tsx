import { Group, Menu, TextInput, VisuallyHidden } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import type { Column } from '../../../components/data-table/column.ts'
import { DataTable } from '../../../components/data-table/data-table.tsx'
import { MessageState } from '../../../components/message-state.tsx'
import { RowMenu } from '../../../components/row-menu.tsx'
import { Select } from '../../../components/select.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import {
  type ApiKeyFactsFragment as ApiKey,
  type ApiKeyScope,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
} from '../../../generated/graphql.ts'
import { clock } from '../../../lib/clock.ts'
import { useAct } from '../api/use-act.ts'
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

const isOver = ({ revokedAt, expiresAt }: ApiKey) =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= clock.now())

/** A tenant's keys, or the admin keys: create, rotate with an overlap, revoke. */
export function ApiKeys({ tenantId, keys, onChanged }: ApiKeysProps) {
  const { t } = useTranslation('tenants')
  const { t: common } = useTranslation()
  const { act, busy } = useAct()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<ApiKeyScope>('ADMIN_READ_ONLY')
  const isOfAdmins = tenantId === undefined
  const [made, setMade] = useState<string>()
  const [confirmation, setConfirmation] = useState<Confirmation>()

  async function create(event: FormEvent) {
    event.preventDefault()
    const whose = isOfAdmins ? { scope } : { scope: 'TENANT' as const, tenantId }
    const input = { name: name.trim(), ...whose }
    const data = await act(CreateApiKeyDocument, { input }, { failed: t('keys.failed') })
    if (data === undefined) return
    setMade(data.createApiKey.key)
    setName('')
    onChanged()
  }
  async function rotate(id: string) {
    const variables = { id, overlapSeconds: OVERLAP_SECONDS }
    const data = await act(RotateApiKeyDocument, variables, { failed: t('keys.failed') })
    if (data?.rotateApiKey) setMade(data.rotateApiKey.key)
    onChanged()
  }
  async function revoke(id: string) {
    await act(RevokeApiKeyDocument, { id }, { done: t('keys.revoked'), failed: t('keys.failed') })
    onChanged()
  }

  const columns = useMemo<readonly Column<ApiKey>[]>(
    () => [
      { id: 'name', header: t('name'), isRowHeader: true, cell: ({ name: keyName }) => keyName },
      ...(isOfAdmins
        ? [
            {
              id: 'scope',
              header: t('keys.scope'),
              width: '9rem',
              cell: ({ scope: of }: ApiKey) => t(`keys.scopes.${of}`),
            },
          ]
        : []),
      { id: 'id', header: t('id'), width: '9rem', hideBelow: 'medium', cell: ({ id }) => id },
      {
        id: 'state',
        header: t('state'),
        width: '7rem',
        cell: (key) => (
          <StateBadge tone={isOver(key) ? 'plain' : 'good'}>
            {t(isOver(key) ? (key.revokedAt ? 'keys.isRevoked' : 'keys.isExpired') : 'keys.works')}
          </StateBadge>
        ),
      },
      {
        id: 'used',
        header: t('keys.lastUse'),
        width: '8rem',
        hideBelow: 'narrow',
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('keys.never') : <Age since={lastUsedAt} />),
      },
      {
        id: 'created',
        header: t('created'),
        width: '8rem',
        hideBelow: 'medium',
        cell: ({ createdAt }) => <Age since={createdAt} />,
      },
      {
        id: 'by',
        header: t('keys.by'),
        width: '11rem',
        hideBelow: 'wide',
        cell: ({ createdBy }) =>
          createdBy === null || createdBy.kind === 'SYSTEM'
            ? t('keys.bySystem')
            : createdBy.kind === 'ADMIN'
              ? createdBy.id
              : t('keys.byKey', { id: createdBy.id }),
      },
      {
        id: 'actions',
        header: t('actions'),
        headerHidden: true,
        width: '4rem',
        align: 'end',
        cell: (key) =>
          !isOver(key) && (
            <RowMenu label={common('app.table.actionsFor', { name: key.name })}>
              <Menu.Item onClick={() => void rotate(key.id)}>{t('keys.rotate')}</Menu.Item>
              <Menu.Item
                c="var(--app-bad)"
                onClick={() =>
                  setConfirmation({
                    title: t('keys.confirm'),
                    text: t('keys.confirmText', { name: key.name }),
                    act: t('keys.revoke'),
                    run: () => void revoke(key.id),
                  })
                }
              >
                {t('keys.revoke')}
              </Menu.Item>
            </RowMenu>
          ),
      },
    ],
    [t, common, isOfAdmins],
  )
  return (
    <>
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
      {made !== undefined && <NewKey value={made} isOfAdmins={isOfAdmins} />}
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
