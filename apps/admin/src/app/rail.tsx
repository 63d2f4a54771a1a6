import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { BrandMark } from '../components/brand-mark.tsx'
import { IconSearch } from '../components/icons/page-icons.ts'
import { TenantSwitch } from '../features/tenants/components/tenant-switch.tsx'
import { useScopedPath } from '../features/tenants/tenant-scope.ts'
import { EnvironmentBadge } from './environment-badge.tsx'
import { NAVIGATION } from './navigation.ts'
import { openPalette } from './palette-store.ts'
import styles from './rail.module.css'
import { RailFoot } from './rail-foot.tsx'

/** Navigation, tenant choice and the signed-in admin. */
export function Rail() {
  const { t } = useTranslation()
  const scoped = useScopedPath()
  return (
    <div className={styles.rail}>
      <div className={styles.top}>
        <span className={styles.brand}>
          <BrandMark size={22} />
          emailauth
        </span>
        <EnvironmentBadge />
      </div>
      <TenantSwitch />
      <button type="button" className={styles.search} onClick={openPalette}>
        <IconSearch size={14} aria-hidden />
        <span>{t('app.palette.open')}</span>
        <kbd className={styles.kbd}>Ctrl K</kbd>
      </button>
      <nav className={styles.nav} aria-label={t('app.navigation')}>
        {NAVIGATION.map((group) => (
          <ul key={group[0].key} className={styles.group}>
            {group.map(({ key, path, icon: Icon }) => (
              <li key={key}>
                <NavLink to={scoped(path)} className={styles.link ?? ''}>
                  <Icon size={16} stroke={1.7} aria-hidden />
                  {t(`app.pages.${key}`)}
                </NavLink>
              </li>
            ))}
          </ul>
        ))}
      </nav>
      <RailFoot />
    </div>
  )
}
