import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import { DELIVERY_STATES, isDeliveryState, type View, type ViewChange } from '../view.ts'
import styles from './identity-filters.module.css'
import { SearchField } from './search-field.tsx'

interface IdentityFiltersProps {
  readonly view: View
  readonly onChange: (change: ViewChange, options?: { replace: boolean }) => void
  readonly searchRef: RefObject<HTMLInputElement | null>
}

export function IdentityFilters({ view, onChange, searchRef }: IdentityFiltersProps) {
  const { t } = useTranslation('identities')
  return (
    <search className={styles.filters} aria-label={t('filters.label')}>
      <SearchField
        value={view.email ?? ''}
        inputRef={searchRef}
        onSearch={(email) => onChange({ email: email || undefined }, { replace: view.email !== undefined })}
        onOpen={(id) => onChange({ open: id })}
      />
      <Select
        label={t('delivery')}
        value={view.delivery ?? ''}
        onChange={(value) => onChange({ delivery: isDeliveryState(value) ? value : undefined })}
      >
        <option value="">{t('filters.anyDelivery')}</option>
        {DELIVERY_STATES.map((state) => (
          <option key={state} value={state}>
            {t(`filters.state.${state}`)}
          </option>
        ))}
      </Select>
    </search>
  )
}
