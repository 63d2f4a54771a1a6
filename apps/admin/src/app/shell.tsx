import { Button, Center, Container, Loader } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet } from 'react-router'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { MessageState } from '../components/message-state.tsx'
import { Header } from './header.tsx'
import styles from './shell.module.css'

/** The frame of every page. */
export function Shell() {
  const { t } = useTranslation()
  return (
    <>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <Header />
      <Container component="main" id="content" tabIndex={-1} size="xl" py="lg" className={styles.main ?? ''}>
        <ErrorBoundary fallback={<Crashed />}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </Container>
    </>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <Center mih="40vh" role="status" aria-label={t('app.loading')}>
      <Loader type="dots" />
    </Center>
  )
}

function Crashed() {
  const { t } = useTranslation()
  return (
    <MessageState
      icon={<IconAlertTriangle />}
      title={t('app.crashed')}
      hint={t('failure.internal')}
      headingLevel={1}
    >
      <Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>
    </MessageState>
  )
}
