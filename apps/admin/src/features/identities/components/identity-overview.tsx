import { Alert, Code, DataList, Skeleton, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { CopyIcon } from '../../../components/copy-icon.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { OutageBanner } from '../../../components/outage-banner.tsx'
import { useNow } from '../../../lib/clock.ts'
import { useIdentity } from '../api/use-identity.ts'
import type { Identity } from '../api/use-identity-page.ts'
import { DeliveryBadge } from './delivery-badge.tsx'
import styles from './identity-panel.module.css'
import { Moment } from './moment.tsx'
import { TimeLeft } from './time-left.tsx'

interface IdentityOverviewProps {
  readonly id: string
  readonly fromList: Identity | undefined
  readonly actions: (identity: Identity) => ReactNode
}

/** All that an admin may know of one identity: never its number or token. */
export function IdentityOverview({ id, fromList, actions }: IdentityOverviewProps) {
  const { t } = useTranslation()
  const { data, failure, failingSince, retry } = useIdentity(id)
  const now = useNow()
  const identity = data === undefined ? fromList : data
  if (identity === undefined) {
    return failure ? (
      <FailureAlert
        failure={failure}
        title={t('identities.panel.failed')}
        action={{ label: t('app.retry'), run: retry }}
      />
    ) : (
      <Stack role="status" aria-label={t('app.loading')}>
        <Skeleton height={28} />
        <Skeleton height={180} />
      </Stack>
    )
  }
  if (identity === null || Date.parse(identity.expiresAt) <= now) {
    return (
      <Alert color="gray" role="status" title={t('identities.panel.gone')}>
        {t('identities.panel.goneHint')}
      </Alert>
    )
  }
  return (
    <Stack gap="lg">
      {failure && failingSince !== undefined && <OutageBanner failure={failure} since={failingSince} />}
      <Title order={3} size="h4" className={styles.email ?? ''}>
        <bdi>{identity.email}</bdi>
      </Title>
      <Facts identity={identity} />
      <div>{actions(identity)}</div>
    </Stack>
  )
}

function Facts({ identity }: { identity: Identity }) {
  const { t } = useTranslation()
  const { delivery } = identity
  const facts: [label: string, value: ReactNode][] = [
    [
      t('identities.panel.id'),
      <span key="id" className={styles.id}>
        <Code>{identity.id}</Code>
        <CopyIcon value={identity.id} what={t('identities.panel.id')} />
      </span>,
    ],
    [t('identities.tenant'), `${identity.tenant.name} (${identity.tenant.id})`],
    [
      t('identities.panel.created'),
      <Moment key="created" at={identity.createdAt} beside={<Age since={identity.createdAt} />} />,
    ],
    [t('identities.panel.expires'), <Moment key="expires" at={identity.expiresAt} />],
    [
      t('identities.timeLeft'),
      <TimeLeft key="left" createdAt={identity.createdAt} expiresAt={identity.expiresAt} />,
    ],
    [t('identities.delivery'), <DeliveryBadge key="delivery" state={delivery.state} />],
    [t('identities.panel.attempts'), delivery.attempts],
    [t('identities.panel.reason'), delivery.reason],
    [
      t('identities.panel.nextAttempt'),
      delivery.nextAttemptAt && <Moment key="next" at={delivery.nextAttemptAt} />,
    ],
    [
      t('identities.panel.updated'),
      delivery.updatedAt && (
        <Moment key="updated" at={delivery.updatedAt} beside={<Age since={delivery.updatedAt} />} />
      ),
    ],
  ]
  return (
    <DataList withDivider>
      {facts
        .filter(([, value]) => value !== null && value !== '')
        .map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue className={styles.email ?? ''}>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
    </DataList>
  )
}
