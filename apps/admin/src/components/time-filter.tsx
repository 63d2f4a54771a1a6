import { CloseButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { clock } from '../lib/clock.ts'
import { Select } from './select.tsx'
import styles from './time-filter.module.css'

interface TimeFilterProps {
  /** ISO 8601. */
  readonly from: string | undefined
  readonly to: string | undefined
  readonly onChange: (change: {
    readonly from?: string | undefined
    readonly to?: string | undefined
  }) => void
}

const HOUR_MS = 3_600_000
const SINCE_MS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const
const RANGES = Object.keys(SINCE_MS) as (keyof typeof SINCE_MS)[]

/** Chooses a time: a usual one up to now, or any by its first and last moment in local time. */
export function TimeFilter({ from, to, onChange }: TimeFilterProps) {
  const { t } = useTranslation()
  function choose(range: string) {
    const ms = SINCE_MS[range as keyof typeof SINCE_MS]
    onChange({ from: ms === undefined ? undefined : new Date(clock.now() - ms).toISOString(), to: undefined })
  }
  if (from === undefined && to === undefined) {
    return (
      <Select label={t('app.time.label')} value="" onChange={choose}>
        <option value="">{t('app.time.any')}</option>
        {RANGES.map((range) => (
          <option key={range} value={range}>
            {t(`app.time.${range}`)}
          </option>
        ))}
      </Select>
    )
  }
  return (
    <span className={styles.times}>
      <Moment label={t('app.time.from')} value={from} onChange={(moment) => onChange({ from: moment })} />
      <Moment label={t('app.time.to')} value={to} onChange={(moment) => onChange({ to: moment })} />
      <CloseButton
        size="sm"
        aria-label={t('app.time.clear')}
        onClick={() => onChange({ from: undefined, to: undefined })}
      />
    </span>
  )
}

interface MomentProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (moment: string | undefined) => void
}

function Moment({ label, value, onChange }: MomentProps) {
  return (
    <label className={styles.moment}>
      <span>{label}</span>
      <input
        type="datetime-local"
        value={toLocal(value)}
        onChange={({ currentTarget }) => {
          const ms = Date.parse(currentTarget.value)
          onChange(Number.isNaN(ms) ? undefined : new Date(ms).toISOString())
        }}
      />
    </label>
  )
}

/** As the browser's field writes a local time. */
function toLocal(moment: string | undefined): string {
  if (moment === undefined) return ''
  const date = new Date(moment)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
