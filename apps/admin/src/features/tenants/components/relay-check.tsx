import { smtpUrlWarnings } from '@emailauth/contracts/smtp-url-warnings'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { StateBadge, type Tone } from '../../../components/state-badge.tsx'
import {
  CheckRelayDocument,
  type CheckRelayMutation,
  type RelayCheckLevel,
} from '../../../generated/graphql.ts'
import { useAct } from '../api/use-act.ts'
import styles from './tenants.module.css'

const TONES: Readonly<Record<RelayCheckLevel, Tone>> = { OK: 'good', WARN: 'warning', FAIL: 'bad' }

type Relays = CheckRelayMutation['checkRelay']['relays']

interface RelayCheckProps {
  readonly tenantId: string
  /** As it is typed and not saved yet. Empty: the saved one, or those of the installation. */
  readonly smtpUrl: string
}

/** Says what is unusual in the typed URL, and connects to the relay, before a mail needs it. */
export function RelayCheck({ tenantId, smtpUrl }: RelayCheckProps) {
  const { t } = useTranslation('tenants')
  const { act, busy } = useAct()
  // A result is of the URL that was checked, which may have been changed since.
  const [result, setResult] = useState<{ readonly smtpUrl: string; readonly relays: Relays }>()
  const relays = result?.smtpUrl === smtpUrl ? result.relays : undefined
  async function check() {
    setResult(undefined)
    const input = { tenantId, ...(smtpUrl !== '' && { smtpUrl }) }
    const data = await act(CheckRelayDocument, { input }, { failed: t('relay.failed') })
    if (data !== undefined) setResult({ smtpUrl, relays: data.checkRelay.relays })
  }
  return (
    <div className={styles.wide}>
      <RelayLines
        lines={smtpUrlWarnings(smtpUrl).map((warning) => ({
          id: warning,
          tone: 'warning',
          label: t('relay.unusual.label'),
          text: t(`relay.unusual.${warning}`),
        }))}
      />
      <ActButton variant="default" loading={busy} onClick={() => void check()}>
        {t(smtpUrl === '' ? 'relay.check' : 'relay.checkTyped')}
      </ActButton>
      <RelayLines
        lines={relays?.map(({ host, port, level, detail }) => ({
          id: `${host}:${port}`,
          tone: TONES[level],
          label: t(`relay.level.${level}`),
          text: detail,
        }))}
      />
    </div>
  )
}

interface RelayLine {
  readonly id: string
  readonly tone: Tone
  readonly label: string
  readonly text: string
}

/** Is read out as it changes. Without lines there is no list, which would be read as an empty one. */
function RelayLines({ lines = [] }: { lines?: readonly RelayLine[] | undefined }) {
  return (
    <div role="status">
      {lines.length > 0 && (
        <ul className={styles.relays}>
          {lines.map(({ id, tone, label, text }) => (
            <li key={id}>
              <StateBadge tone={tone}>{label}</StateBadge>
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
