import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../../components/select.tsx'
import type { SearchTerms } from '../search-terms.ts'
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
  function search(terms: SearchTerms) {
    const value = 'value' in terms ? terms.value : undefined
    if (terms.kind === 'id') return onChange({ open: value })
    if (terms.kind === 'request') return onChange({ request: value })
    const isRefined = view.email !== undefined || view.domain !== undefined
    const found = { email: undefined, domain: undefined, ...(value && { [terms.kind]: value }) }
    onChange(found, { replace: isRefined })
  }
  return (
    <search className={styles.filters} aria-label={t('filters.label')}>
      <SearchField
        value={view.email ?? (view.domain === undefined ? '' : `@${view.domain}`)}
        inputRef={searchRef}
        onSearch={search}
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
