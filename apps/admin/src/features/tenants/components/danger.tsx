import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ActButton } from '../../../components/act-button.tsx'
import { type Confirmation, ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import {
  DeleteTenantDocument,
  DisableTenantDocument,
  EnableTenantDocument,
  type TenantDetailsQuery,
} from '../../../generated/graphql.ts'
import { useAct } from '../api/use-act.ts'
import styles from './tenants.module.css'

interface DangerProps {
  readonly tenant: NonNullable<TenantDetailsQuery['tenant']>
  readonly onChanged: () => void
}

/** Suspends or resumes a tenant, or deletes it with all its data. */
export function Danger({ tenant: { id, name, status }, onChanged }: DangerProps) {
  const { t } = useTranslation('tenants')
  const navigate = useNavigate()
  const { act, busy } = useAct()
  const [confirmation, setConfirmation] = useState<Confirmation>()
  const failed = t('saveFailed')

  async function enable() {
    await act(EnableTenantDocument, { id }, { done: t('danger.enabled'), failed })
    onChanged()
  }
  async function disable() {
    await act(DisableTenantDocument, { id }, { done: t('danger.disabled'), failed })
    onChanged()
  }
  async function remove() {
    const done = await act(DeleteTenantDocument, { id }, { done: t('danger.deleted'), failed })
    if (done !== undefined) void navigate('/tenants')
  }
  const isDisabled = status === 'DISABLED'
  return (
    <div className={styles.sections}>
      <section className={styles.section}>
        <div>
          <h2>{t(isDisabled ? 'danger.enable' : 'danger.disable')}</h2>
        </div>
        <div className={styles.row}>
          <span>{t(isDisabled ? 'danger.enableHint' : 'danger.disableHint')}</span>
          <ActButton
            variant="default"
            loading={busy}
            onClick={() =>
              isDisabled
                ? void enable()
                : setConfirmation({
                    title: t('danger.disable'),
                    text: t('danger.disableHint'),
                    act: t('danger.disable'),
                    typed: id,
                    run: () => void disable(),
                  })
            }
          >
            {t(isDisabled ? 'danger.enable' : 'danger.disable')}
          </ActButton>
        </div>
      </section>
      <section className={styles.section}>
        <div>
          <h2>{t('danger.delete')}</h2>
        </div>
        <div className={styles.row}>
          <span>{t('danger.deleteHint')}</span>
          <ActButton
            color="red"
            loading={busy}
            onClick={() =>
              setConfirmation({
                title: t('danger.deleteTitle', { name }),
                text: t('danger.deleteHint'),
                act: t('danger.delete'),
                typed: id,
                run: () => void remove(),
              })
            }
          >
            {t('danger.delete')}
          </ActButton>
        </div>
      </section>
      <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(undefined)} />
    </div>
  )
}
