import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { clock } from '../../../lib/clock.ts'
import { keysOf } from '../../../lib/typed-record.ts'
import { useWebhookActs } from '../api/use-webhook-acts.ts'
import { PERIODS } from '../webhook.ts'
import styles from './webhooks.module.css'

const NAMES = keysOf(PERIODS)

/** Posts events that were given up since a moment again. */
export function ReplayFailed({ webhookId, onDone }: { webhookId: string; onDone: () => void }) {
  const { t } = useTranslation('webhooks')
  const { t: common } = useTranslation()
  const { replay, busy } = useWebhookActs()
  const [period, setPeriod] = useState<keyof typeof PERIODS | undefined>('week')
  const [moment, setMoment] = useState('')
  const sinceMs = period === undefined ? Date.parse(moment) : clock.now() - PERIODS[period]

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (Number.isNaN(sinceMs)) return
    await replay({ endpointId: webhookId, failedSince: new Date(sinceMs).toISOString() })
    onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <p className={styles.note}>{t('replay.text')}</p>
        <div>
          <Select
            label={t('replay.since')}
            value={period ?? ''}
            onChange={(value) => setPeriod(NAMES.find((name) => name === value))}
          >
            {NAMES.map((name) => (
              <option key={name} value={name}>
                {t(`replay.periods.${name}`)}
              </option>
            ))}
            <option value="">{t('replay.custom')}</option>
          </Select>
        </div>
        {period === undefined && (
          <TextInput
            type="datetime-local"
            label={t('replay.moment')}
            value={moment}
            required
            onChange={(event) => setMoment(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {common('app.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={Number.isNaN(sinceMs)}>
            {t('replay.act')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
