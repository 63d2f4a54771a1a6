import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconUser } from '../../../components/icons/page-icons.ts'
import { Select } from '../../../components/select.tsx'
import { TimeFilter } from '../../../components/time-filter.tsx'
import { GROUPS, type Group } from '../kinds.ts'
import type { View, ViewChange } from '../view.ts'
import styles from './event-filters.module.css'

interface EventFiltersProps {
  readonly groups: readonly Group[]
  readonly view: Omit<View, 'kind'> & { readonly kind?: View['kind'] | undefined }
  readonly isAudit: boolean
  readonly onChange: (change: ViewChange) => void
}

/** Filters events by kind, time and, in the audit log, by actor. */
export function EventFilters({ groups, view, isAudit, onChange }: EventFiltersProps) {
  const { t } = useTranslation('events')
  return (
    <search aria-label={t('filters.label')} className={styles.filters}>
      <Select label={t('filters.kind')} value={view.kind ?? ''} onChange={(kind) => onChange({ kind })}>
        <option value="">{t('filters.allKinds')}</option>
        {groups.map((group) => (
          <optgroup key={group} label={t(`group.${group}`)}>
            {groups.length > 1 && <option value={group}>{t(`wholeGroup.${group}`)}</option>}
            {GROUPS[group].map((type) => (
              <option key={type} value={type}>
                {t(`type.${type}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <TimeFilter from={view.from} to={view.to} onChange={onChange} />
      {isAudit && <ActorFilter value={view.actorId ?? ''} onChange={(actor) => onChange({ actor })} />}
    </search>
  )
}

/** Applies on Enter and when the field loses the focus. */
function ActorFilter({ value, onChange }: { value: string; onChange: (actor: string) => void }) {
  const { t } = useTranslation('events')
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const apply = () => {
    if (text.trim() !== value) onChange(text.trim())
  }
  return (
    <TextInput
      className={styles.actor ?? ''}
      aria-label={t('filters.actor')}
      placeholder={t('filters.actorHint')}
      leftSection={<IconUser size={14} aria-hidden />}
      value={text}
      maxLength={400}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply()
      }}
    />
  )
}
