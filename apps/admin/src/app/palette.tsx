import '@mantine/spotlight/styles.css'
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import {
  IconBuilding,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useSignOut } from '../features/session/api/use-sign-out.ts'
import { useTenantChoices } from '../features/tenants/api/use-tenant-choices.ts'
import { useScopedPath, useTenantScope } from '../features/tenants/tenant-scope.ts'
import { chooseLanguage } from '../lib/i18n/i18n.ts'
import { useMayChange } from '../lib/may-change.ts'
import { NAVIGATION } from './navigation.ts'
import styles from './palette.module.css'
import { type Command, found, foundTenants, identityCommands } from './palette-commands.ts'

const [store, spotlight] = createSpotlight()
/** What scrolls must be focusable. The list hands this on to its scroll area, which its type does not say. */
const FOCUSABLE = { viewportProps: { tabIndex: 0 } } as object

/** The command palette: pages and actions, found by a few letters of their names. */
export default function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const scoped = useScopedPath()
  const tenantId = useTenantScope()
  const tenants = useTenantChoices(tenantId)
  const signOut = useSignOut()
  const mayChange = useMayChange()
  const { setColorScheme } = useMantineColorScheme()
  const colorScheme = useComputedColorScheme()
  const [query, setQuery] = useState('')
  useEffect(() => (opened ? spotlight.open() : spotlight.close()), [opened])

  const go = (path: string) => () => void navigate(path)
  const pages: Command[] = NAVIGATION.flat().map(({ key, path, icon }) => ({
    key: path,
    label: t(`app.pages.${key}`),
    icon,
    run: go(scoped(path)),
  }))
  const byTenant: Command[] = tenants.map(({ id, name }) => ({
    key: `tenant ${id}`,
    label: name,
    hint: id,
    icon: IconBuilding,
    run: go(`/tenants/${encodeURIComponent(id)}`),
  }))
  const newWebhook = new URLSearchParams({ ...(tenantId !== undefined && { tenant: tenantId }), new: '1' })
  const makes: Command[] = [
    { key: 'new-tenant', label: t('app.palette.newTenant'), icon: IconPlus, run: go('/tenants?new=1') },
    {
      key: 'new-webhook',
      label: t('app.palette.newWebhook'),
      icon: IconPlus,
      run: go(`/webhooks?${newWebhook}`),
    },
  ]
  const acts: Command[] = [
    ...(mayChange ? makes : []),
    {
      key: 'colours',
      label: t(colorScheme === 'dark' ? 'app.palette.light' : 'app.palette.dark'),
      icon: colorScheme === 'dark' ? IconSun : IconMoon,
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    {
      key: 'language',
      label: i18n.language === 'es' ? 'English' : 'Español',
      icon: IconLanguage,
      run: () => chooseLanguage(i18n.language === 'es' ? 'en' : 'es'),
    },
    { key: 'sign-out', label: t('app.signOut'), icon: IconLogout, run: signOut },
  ]
  const groups = [
    [t('app.palette.identity'), identityCommands(query, t, navigate)],
    [t('app.palette.pages'), found(pages, query)],
    [t('app.palette.tenants'), foundTenants(byTenant, query)],
    [t('app.palette.acts'), found(acts, query)],
  ] as const
  const isEmpty = groups.every(([, commands]) => commands.length === 0)

  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      scrollable
      maxHeight={420}
      size={560}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        placeholder={t('app.palette.placeholder')}
        aria-label={t('app.palette.placeholder')}
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <Spotlight.ActionsList {...FOCUSABLE}>
        {groups
          .filter(([, commands]) => commands.length > 0)
          .map(([label, commands]) => (
            <Spotlight.ActionsGroup key={label} label={label}>
              {commands.map(({ key, label: name, hint, icon: Icon, run }) => (
                <Spotlight.Action key={key} onClick={run} className={styles.action ?? ''}>
                  {Icon && <Icon size={16} stroke={1.7} aria-hidden />}
                  <span className={styles.label}>{name}</span>
                  {hint !== undefined && hint !== name && <span className={styles.hint}>{hint}</span>}
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          ))}
        {isEmpty && <Spotlight.Empty>{t('app.palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
