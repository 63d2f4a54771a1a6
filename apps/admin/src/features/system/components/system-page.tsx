import { Button, Skeleton } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Failed } from '../../../components/failed.tsx'
import { Page } from '../../../components/page.tsx'
import { SystemStatusDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import '../texts/texts.ts'
import { Findings } from './findings.tsx'
import { KeyRing } from './key-ring.tsx'
import { MailDelivery } from './mail-delivery.tsx'
import { RedisServers } from './redis-servers.tsx'
import { Services } from './services.tsx'
import styles from './system-page.module.css'

const POLL_MS = 10_000

/** The state of the installation, and what an operator should change. */
export default function SystemPage() {
  const { t } = useTranslation('system')
  const { data, error, refetch } = useQuery(SystemStatusDocument, {}, { pollMs: POLL_MS })
  const system = data?.system
  if (!system) {
    return (
      <Page title={t('title')}>
        {error === undefined ? (
          <Skeleton height={240} />
        ) : (
          <Failed title={t('failed')} failure={toFailure(error)} onRetry={() => void refetch()} />
        )}
      </Page>
    )
  }
  const { findings, services, relays, mailQueue, redis, keyRing } = system
  return (
    <Page
      title={t('title')}
      beside={`Node ${system.nodeVersion}`}
      actions={
        <Button variant="default" onClick={() => void refetch()}>
          {t('refresh')}
        </Button>
      }
    >
      <Part title={t('findings')}>{findings && <Findings findings={findings} />}</Part>
      <Part title={t('services')}>
        <Services services={services} />
      </Part>
      <Part title={t('relays.title')}>{relays && <MailDelivery relays={relays} queue={mailQueue} />}</Part>
      <Part title={t('redis.title')}>{redis && <RedisServers servers={redis} />}</Part>
      <Part title={t('keys.title')}>{keyRing && <KeyRing keys={keyRing} />}</Part>
    </Page>
  )
}

/** A part of the page. Without content its service does not answer. */
function Part({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation('system')
  const id = useId()
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 className={styles.heading} id={id}>
        {title}
      </h2>
      {children ?? <p className={styles.fine}>{t('findingsUnknown')}</p>}
    </section>
  )
}
