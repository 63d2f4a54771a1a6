import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import type { Failure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { checkAdminKey } from '../api/check-admin-key.ts'

type Refusal = 'empty' | 'unknownKey' | 'tenantKey'

/** Signs in with an admin key. `onAccepted` gets the key after the gateway has accepted it. */
export function AdminKeyForm({ onAccepted }: { onAccepted: (key: string) => void }) {
  const { t } = useTranslation()
  const client = useGraphql()
  const input = useRef<HTMLInputElement>(null)
  const [refusal, setRefusal] = useState<Refusal>()
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const [visible, setVisible] = useState(false)

  function refuse(why: Refusal) {
    setRefusal(why)
    input.current?.focus()
    input.current?.select()
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    const key = input.current?.value.trim() ?? ''
    setFailure(undefined)
    setRefusal(undefined)
    if (key === '') return refuse('empty')
    setBusy(true)
    const check = await checkAdminKey(client, key)
    setBusy(false)
    if (check.outcome === 'admin') return onAccepted(key)
    if (check.outcome === 'failed') return setFailure(check.failure)
    refuse(check.outcome === 'tenant-key' ? 'tenantKey' : 'unknownKey')
  }

  return (
    <form onSubmit={submit} noValidate>
      <PasswordInput
        ref={input}
        name="admin-key"
        label={t('session.key')}
        description={t('session.keyHint')}
        error={refusal && t(`session.${refusal}`)}
        errorProps={{ role: 'alert' }}
        visible={visible}
        onVisibilityChange={setVisible}
        visibilityToggleButtonProps={{ 'aria-label': t(visible ? 'session.hideKey' : 'session.showKey') }}
        size="md"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      {failure && <FailureAlert failure={failure} mt="md" />}
      <Button type="submit" variant="default" fullWidth size="md" mt="lg" loading={busy}>
        {t('session.submit')}
      </Button>
    </form>
  )
}
