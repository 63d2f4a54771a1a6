import { NativeSelect } from '@mantine/core'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenantChoices } from '../../tenants/api/use-tenant-choices.ts'
import { DELIVERY_STATES, type FilterChange, isDeliveryState, type View } from '../view.ts'
import styles from './identity-filters.module.css'
import { SearchByEmail } from './search-by-email.tsx'

interface IdentityFiltersProps {
  readonly view: View
  readonly onChange: (change: FilterChange, options?: { replace: boolean }) => void
  readonly searchRef: RefObject<HTMLInputElement | null>
}

export function IdentityFilters({ view, onChange, searchRef }: IdentityFiltersProps) {
  const { t } = useTranslation()
  const tenants = useTenantChoices(view.tenantId)
  return (
    <search className={styles.filters} aria-label={t('identities.filters.label')}>
      <SearchByEmail
        value={view.email ?? ''}
        inputRef={searchRef}
        onSearch={(email) => onChange({ email: email || undefined }, { replace: view.email !== undefined })}
      />
      <NativeSelect
        label={t('identities.tenant')}
        value={view.tenantId ?? ''}
        data={[
          { value: '', label: t('identities.filters.allTenants') },
          ...tenants.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => onChange({ tenantId: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t('identities.delivery')}
        value={view.delivery ?? ''}
        data={[
          { value: '', label: t('identities.filters.anyDelivery') },
          ...DELIVERY_STATES.map((state) => ({ value: state, label: t(`identities.state.${state}`) })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ delivery: isDeliveryState(value) ? value : undefined })
        }
      />
    </search>
  )
}
