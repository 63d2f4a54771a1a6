import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IconKeyboard, IconLogout } from '../components/icons/page-icons.ts'
import { useSignOut } from '../features/session/api/use-sign-out.ts'
import { SignedInAsDocument } from '../generated/graphql.ts'
import { useQuery } from '../lib/graphql/use-query.ts'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { openShortcuts } from './palette-store.ts'
import styles from './rail.module.css'

/** The signed-in admin, colour scheme, language and sign-out. */
export function RailFoot() {
  const { t } = useTranslation()
  const signOut = useSignOut()
  const { data } = useQuery(SignedInAsDocument, {})
  const email = data?.viewer.session?.email
  const key = data?.viewer.apiKeyId
  const who = email ?? (key ? t('app.byKey', { id: key }) : '')
  return (
    <div className={styles.foot}>
      <div className={styles.who} title={who}>
        {who || '\u00a0'}
      </div>
      {data?.viewer.scope === 'ADMIN_READ_ONLY' && (
        <div className={styles.readOnly}>{t('app.readOnly.why')}</div>
      )}
      <div className={styles.tools}>
        <LanguageSwitch />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('app.shortcuts')}
          title={t('app.shortcuts')}
          onClick={openShortcuts}
          visibleFrom="sm"
        >
          <IconKeyboard size={16} />
        </ActionIcon>
        <ColorSchemeSwitch />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('app.signOut')}
          title={t('app.signOut')}
          onClick={signOut}
        >
          <IconLogout size={16} />
        </ActionIcon>
      </div>
    </div>
  )
}
