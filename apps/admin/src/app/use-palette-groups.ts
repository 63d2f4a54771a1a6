import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { IconMoon, IconSun } from '../components/icons/first-icons.ts'
import { IconBuilding, IconLanguage, IconLogout, IconPlus } from '../components/icons/page-icons.ts'
import { useSignOut } from '../features/session/api/use-sign-out.ts'
import { useTenantChoices } from '../features/tenants/api/use-tenant-choices.ts'
import { useScopedPath, useTenantScope } from '../features/tenants/tenant-scope.ts'
import { chooseLanguage } from '../lib/i18n/i18n.ts'
import { useMayChange } from '../lib/may-change.ts'
import { NAVIGATION } from './navigation.ts'
import { type Command, findCommands, findTenants, identityCommands } from './palette-commands.ts'

/** The commands that a query finds, by group: each with its label, some without a command. */
export function usePaletteGroups(query: string): readonly (readonly [string, readonly Command[]])[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const acts = useActs()
  const scoped = useScopedPath()
  const tenants = useTenantChoices(useTenantScope())
  const pages: Command[] = NAVIGATION.flat().map(({ key, path, icon }) => ({
    key: path,
    label: t(`app.pages.${key}`),
    icon,
    run: () => void navigate(scoped(path)),
  }))
  const byTenant: Command[] = tenants.map(({ id, name }) => ({
    key: `tenant ${id}`,
    label: name,
    hint: id,
    icon: IconBuilding,
    run: () => void navigate(`/tenants/${encodeURIComponent(id)}`),
  }))
  return [
    [t('app.palette.identity'), identityCommands(query, t, navigate)],
    [t('app.palette.pages'), findCommands(pages, query)],
    [t('app.palette.tenants'), findTenants(byTenant, query)],
    [t('app.palette.acts'), findCommands(acts, query)],
  ]
}

/** What an admin can do anywhere. A read-only one creates nothing. */
function useActs(): readonly Command[] {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const tenantId = useTenantScope()
  const signOut = useSignOut()
  const mayChange = useMayChange()
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme() === 'dark'
  const newWebhook = new URLSearchParams({ ...(tenantId !== undefined && { tenant: tenantId }), new: '1' })
  const creations: Command[] = [
    {
      key: 'new-tenant',
      label: t('app.palette.newTenant'),
      icon: IconPlus,
      run: () => void navigate('/tenants?new=1'),
    },
    {
      key: 'new-webhook',
      label: t('app.palette.newWebhook'),
      icon: IconPlus,
      run: () => void navigate(`/webhooks?${newWebhook}`),
    },
  ]
  return [
    ...(mayChange ? creations : []),
    {
      key: 'colours',
      label: t(isDark ? 'app.palette.light' : 'app.palette.dark'),
      icon: isDark ? IconSun : IconMoon,
      run: () => setColorScheme(isDark ? 'light' : 'dark'),
    },
    {
      key: 'language',
      label: i18n.language === 'es' ? 'English' : 'Español',
      icon: IconLanguage,
      run: () => chooseLanguage(i18n.language === 'es' ? 'en' : 'es'),
    },
    { key: 'sign-out', label: t('app.signOut'), icon: IconLogout, run: signOut },
  ]
}
