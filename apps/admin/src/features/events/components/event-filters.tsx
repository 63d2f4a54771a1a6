import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { GROUPS, type Group, isKind, type Kind } from '../kinds.ts'

interface EventFiltersProps {
  readonly groups: readonly Group[]
  readonly kind: Kind | undefined
  readonly onChange: (kind: Kind | undefined) => void
}

/** Filters events by kind. */
export function EventFilters({ groups, kind, onChange }: EventFiltersProps) {
  const { t } = useTranslation('events')
  return (
    <search aria-label={t('filters.label')}>
      <Select
        label={t('filters.kind')}
        value={kind ?? ''}
        onChange={(value) => onChange(isKind(value) ? value : undefined)}
      >
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
    </search>
  )
}
