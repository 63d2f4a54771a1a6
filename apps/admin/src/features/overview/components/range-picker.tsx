import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { RANGES, type RangeName } from '../range.ts'

interface RangePickerProps {
  readonly range: RangeName
  readonly from: string
  readonly to: string
  readonly onChange: (changes: Readonly<Record<string, string>>) => void
}

/** Chooses a period. Custom days are in UTC. */
export function RangePicker({ range, from, to, onChange }: RangePickerProps) {
  const { t } = useTranslation('overview')
  const today = new Date().toISOString().slice(0, 10)
  return (
    <>
      {range === 'custom' && (
        <>
          <TextInput
            type="date"
            aria-label={t('range.from')}
            value={from}
            max={today}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            aria-label={t('range.to')}
            value={to}
            max={today}
            onChange={(event) => onChange({ to: event.currentTarget.value })}
          />
        </>
      )}
      <Select label={t('range.label')} value={range} onChange={(value) => onChange({ range: value })}>
        {[...RANGES, 'custom' as const].map((name) => (
          <option key={name} value={name}>
            {t(`range.names.${name}`)}
          </option>
        ))}
      </Select>
    </>
  )
}
