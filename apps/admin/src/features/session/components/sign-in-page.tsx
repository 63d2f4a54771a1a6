import '@mantine/core/styles/Divider.css'
import { Alert, Divider, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePageTitle } from '../../../components/use-page-title.ts'
import { canUsePasskeys } from '../can-use-passkeys.ts'
import { passkeyNote } from '../passkey-note.ts'
import { useSession, useSessionState } from '../session-context.ts'
import { AdminKeyForm } from './admin-key-form.tsx'
import { MailForm } from './mail-form.tsx'
import { NumberForm } from './number-form.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import styles from './sign-in-page.module.css'

/** The sign-in page: passkey (first if this browser has used one), number by mail, or admin key. */
export default function SignInPage() {
  const { t } = useTranslation()
  const session = useSession()
  const state = useSessionState()
  const [email, setEmail] = useState<string>()
  const [hasPasskey] = useState(() => passkeyNote.read() !== undefined && canUsePasskeys())
  usePageTitle(t('session.title'))
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <div>
          <h1 className={styles.title}>{t('session.title')}</h1>
          <Text c="dimmed">{t('session.intro')}</Text>
        </div>
        {state.status === 'signed-out' && state.ended && (
          <Alert color="yellow" role="alert">
            {t('session.ended')}
          </Alert>
        )}
        {email === undefined ? (
          <>
            {hasPasskey && <PasskeyButton isFirst onAccepted={session.signInByMail} />}
            {hasPasskey && <Divider label={t('session.orMail')} />}
            <MailForm onAsked={setEmail} />
            {!hasPasskey && canUsePasskeys() && <PasskeyButton onAccepted={session.signInByMail} />}
            <Divider label={t('session.or')} />
            <AdminKeyForm onAccepted={session.signIn} />
            <details className={styles.where}>
              <summary>{t('session.whereTitle')}</summary>
              <Text size="sm" c="dimmed" mt={4}>
                {t('session.where')}
              </Text>
            </details>
          </>
        ) : (
          <NumberForm email={email} onAccepted={session.signInByMail} onBack={() => setEmail(undefined)} />
        )}
      </div>
    </div>
  )
}
