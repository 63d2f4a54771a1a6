import { ActionIcon, Container } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink } from 'react-router'
import { BrandMark } from '../components/brand-mark.tsx'
import { useSignOut } from '../features/session/api/use-sign-out.ts'
import { useSessionState } from '../features/session/session-context.ts'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import styles from './shell.module.css'
import { ShortcutsButton } from './shortcuts-button.tsx'

export function Header() {
  const { t } = useTranslation()
  const signOut = useSignOut()
  const signedIn = useSessionState().status === 'signed-in'
  return (
    <header className={styles.header}>
      <Container size="xl" className={styles.bar ?? ''}>
        <Link to="/" className={styles.brand}>
          <BrandMark />
          {t('app.title')}
        </Link>
        {signedIn && (
          <nav className={styles.nav} aria-label={t('app.navigation')}>
            <NavLink to="/identities">{t('app.identities')}</NavLink>
            <NavLink to="/events">{t('app.events')}</NavLink>
            <NavLink to="/mail">{t('app.mail')}</NavLink>
            <NavLink to="/sessions">{t('app.sessions')}</NavLink>
          </nav>
        )}
        <div className={styles.tools}>
          {signedIn && <ShortcutsButton />}
          <LanguageSwitch />
          <ColorSchemeSwitch />
          {signedIn && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('app.signOut')}
              title={t('app.signOut')}
              onClick={signOut}
            >
              <IconLogout size={18} />
            </ActionIcon>
          )}
        </div>
      </Container>
    </header>
  )
}
