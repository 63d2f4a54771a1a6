import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { RotateWebhookSecretDocument } from '../../../generated/graphql.ts'
import { keysOf } from '../../../lib/typed-record.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { OVERLAPS } from '../webhook.ts'
import { NewSecret } from './new-secret.tsx'
import styles from './webhooks.module.css'

const NAMES = keysOf(OVERLAPS)

interface RotateSecretProps {
  readonly webhookId: string
  readonly onRotated: () => void
  readonly onDone: () => void
}

/** Makes a new secret, after asking how long the one before goes on signing. */
export function RotateSecret({ webhookId, onRotated, onDone }: RotateSecretProps) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { act, busy } = useAct()
  const [overlap, setOverlap] = useState<keyof typeof OVERLAPS>('day')
  const [secret, setSecret] = useState<string>()

  async function rotate() {
    const variables = { id: webhookId, overlapSeconds: OVERLAPS[overlap] }
    const data = await act(RotateWebhookSecretDocument, variables, { failed: t('failedToChange') })
    if (data?.rotateWebhookSecret.secret) setSecret(data.rotateWebhookSecret.secret)
    onRotated()
  }

  if (secret !== undefined) return <NewSecret value={secret} onDone={onDone} />
  return (
    <Stack>
      <p className={styles.note}>{t('rotateText')}</p>
      <div>
        <Select
          label={t('overlap')}
          value={overlap}
          onChange={(value) => setOverlap(NAMES.find((name) => name === value) ?? 'day')}
        >
          {NAMES.map((name) => (
            <option key={name} value={name}>
              {t(`overlaps.${name}`)}
            </option>
          ))}
        </Select>
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {common('app.cancel')}
        </Button>
        <Button loading={busy} onClick={() => void rotate()}>
          {t('rotate')}
        </Button>
      </Group>
    </Stack>
  )
}
