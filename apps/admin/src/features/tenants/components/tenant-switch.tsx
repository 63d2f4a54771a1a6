import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Combobox.css'
import { Combobox, ScrollArea, useCombobox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconCheck } from '../../../components/icons/first-icons.ts'
import { IconBuilding, IconBuildingOff, IconSelector } from '../../../components/icons/page-icons.ts'
import { useTenantChoices } from '../api/use-tenant-choices.ts'
import { findChoices } from '../find-choices.ts'
import { useChooseTenant, useTenantScope } from '../tenant-scope.ts'
import styles from './tenant-switch.module.css'

const ALL = ''

/** Chooses the tenant. All pages read it from the URL. */
export function TenantSwitch() {
  const { t } = useTranslation()
  const tenantId = useTenantScope()
  const choose = useChooseTenant()
  const tenants = useTenantChoices(tenantId)
  const [search, setSearch] = useState('')
  const combobox = useCombobox({
    onDropdownClose() {
      combobox.resetSelectedOption()
      // Tab has moved the focus already, and what it is on by now keeps it.
      if (isLeftBehind(document.activeElement)) combobox.focusTarget()
      setSearch('')
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  })
  const found = findChoices(tenants, search)
  const current = tenants.find(({ id }) => id === tenantId)
  const isGone = current?.isGone === true
  const Icon = isGone ? IconBuildingOff : IconBuilding
  const pick = (value: string) => {
    choose(value === ALL ? undefined : value)
    combobox.closeDropdown()
  }

  return (
    <Combobox store={combobox} onOptionSubmit={pick} width="target" position="bottom-start" zIndex={310}>
      <Combobox.Target targetType="button">
        <button
          type="button"
          className={styles.target}
          aria-label={`${t('app.tenant')}: ${current?.name ?? t('app.allTenants')}`}
          onClick={() => combobox.toggleDropdown()}
        >
          <Icon size={16} stroke={1.7} aria-hidden />
          <span className={styles.name}>{current?.name ?? t('app.allTenants')}</span>
          <IconSelector size={14} aria-hidden />
        </button>
      </Combobox.Target>
      {isGone && (
        <p className={styles.gone} role="status">
          {t('app.noTenant')}
        </p>
      )}
      <Combobox.Dropdown className={styles.dropdown ?? ''}>
        <Combobox.Search
          value={search}
          size="xs"
          onChange={(event) => {
            setSearch(event.currentTarget.value)
            combobox.updateSelectedOptionIndex()
          }}
          onKeyDown={({ key }) => {
            if (key !== 'Tab') return
            // The browser then goes on from the button, as the list is nowhere in the page's order.
            combobox.targetRef.current?.focus()
            combobox.closeDropdown()
          }}
          placeholder={t('app.findTenant')}
          aria-label={t('app.findTenant')}
        />
        <Combobox.Options aria-label={t('app.tenant')}>
          <ScrollArea.Autosize mah={300} type="auto" viewportProps={{ tabIndex: -1 }}>
            {search.trim() === '' && (
              <Combobox.Option value={ALL} active={tenantId === undefined} className={styles.option ?? ''}>
                <Row name={t('app.allTenants')} chosen={tenantId === undefined} />
              </Combobox.Option>
            )}
            {found.map(({ id, name }) => (
              <Combobox.Option key={id} value={id} active={id === tenantId} className={styles.option ?? ''}>
                <Row name={name} id={id} chosen={id === tenantId} />
              </Combobox.Option>
            ))}
            {found.length === 0 && <Combobox.Empty>{t('app.noTenant')}</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** Whether the focus was in the list, which goes, or is nowhere. */
function isLeftBehind(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.closest(`.${styles.dropdown}`) !== null
}

function Row({ name, id, chosen }: { name: string; id?: string; chosen: boolean }) {
  return (
    <span className={styles.row}>
      <span className={styles.name}>{name}</span>
      {id !== undefined && id !== name && <span className={styles.id}>{id}</span>}
      {chosen && <IconCheck size={14} aria-hidden />}
    </span>
  )
}
