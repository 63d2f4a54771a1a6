import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useTenantChoices } from '../../tenants/api/use-tenant-choices.ts'
import { GROUPS, type Group, isKind, type Kind } from '../kinds.ts'
import type { View } from '../view.ts'
import styles from './event-filters.module.css'

interface EventFiltersProps {
  readonly view: View
  readonly onChange: (change: { tenantId?: string | undefined; kind?: Kind | undefined }) => void
}

export function EventFilters({ view, onChange }: EventFiltersProps) {
  const { t } = useTranslation('events')
  const tenants = useTenantChoices(view.tenantId)
  return (
    <search className={styles.filters} aria-label={t('filters.label')}>
      <NativeSelect
        label={t('tenant')}
        value={view.tenantId ?? ''}
        data={[
          { value: '', label: t('filters.allTenants') },
          ...tenants.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => onChange({ tenantId: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t('filters.kind')}
        value={view.kind ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ kind: isKind(value) ? value : undefined })}
      >
        <option value="">{t('filters.allKinds')}</option>
        {(Object.keys(GROUPS) as Group[]).map((group) => (
          <optgroup key={group} label={t(`group.${group}`)}>
            <option value={group}>{t(`wholeGroup.${group}`)}</option>
            {GROUPS[group].map((type) => (
              <option key={type} value={type}>
                {t(`type.${type}`)}
              </option>
            ))}
          </optgroup>
        ))}
      </NativeSelect>
    </search>
  )
}
