import { CloseButton } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../lib/clock.ts'
import { beginningOf, RECENT_TIMES } from './recent-times.ts'
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

/** Chooses a time: a usual one up to now, or any by its first and last moment in local time. */
export function TimeFilter({ from, to, onChange }: TimeFilterProps) {
  const { t } = useTranslation()
  const isAny = from === undefined && to === undefined
  const box = useRef<HTMLSpanElement>(null)
  const isChosenHere = useRef(false)
  // A choice replaces the control that had the focus.
  useEffect(() => {
    if (isChosenHere.current) box.current?.querySelector<HTMLElement>('select, input')?.focus()
    isChosenHere.current = false
  }, [isAny])
  const choose = (begin: string | undefined) => {
    isChosenHere.current = true
    onChange({ from: begin, to: undefined })
  }
  if (isAny) {
    return (
      <span className={styles.times} ref={box}>
        <Select
          label={t('app.time.label')}
          value=""
          onChange={(time) => choose(beginningOf(time, clock.now()))}
        >
          <option value="">{t('app.time.any')}</option>
          {RECENT_TIMES.map((time) => (
            <option key={time} value={time}>
              {t(`app.time.${time}`)}
            </option>
          ))}
        </Select>
      </span>
    )
  }
  return (
    <span className={styles.times} ref={box}>
      <Moment label={t('app.time.from')} value={from} onChange={(moment) => onChange({ from: moment })} />
      <Moment label={t('app.time.to')} value={to} onChange={(moment) => onChange({ to: moment })} />
      <CloseButton size="sm" aria-label={t('app.time.clear')} onClick={() => choose(undefined)} />
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
          // Half a time, while somebody types, is none to filter by, and not all of time either.
          if (currentTarget.validity.badInput) return
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
