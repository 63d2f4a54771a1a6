import { useApolloClient, useQuery } from '@apollo/client/react'
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../../components/age.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { ClearSuppressionDocument, SuppressedAddressesDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { polled } from '../../../lib/use-polling.ts'
import { POLL_MS } from '../poll-ms.ts'
import { Section } from './section.tsx'
import styles from './suppressed-addresses.module.css'

const STEP = 20
const MOST = 200

/** Addresses that no mails are sent to, and the way off the list. */
export function SuppressedAddresses({ tenantId }: { readonly tenantId: string }) {
  const { t } = useTranslation('mail')
  const client = useApolloClient()
  const [first, setFirst] = useState(STEP)
  const [clearing, setClearing] = useState<string>()
  const [failed, setFailed] = useState<unknown>()
  const { data, previousData, error, refetch } = useQuery(SuppressedAddressesDocument, {
    variables: { tenantId, first },
    ...polled(POLL_MS),
  })
  const { nodes = [], pageInfo } = (data ?? previousData)?.suppressions ?? {}
  const fault = failed ?? error

  async function clear(email: string) {
    setClearing(email)
    setFailed(undefined)
    try {
      await client.mutate({ mutation: ClearSuppressionDocument, variables: { tenantId, email } })
      await refetch()
    } catch (reason) {
      setFailed(reason)
    } finally {
      setClearing(undefined)
    }
  }

  return (
    <Section title={t('suppressed.title')} hint={t('suppressed.hint')}>
      {fault !== undefined && (
        <FailureAlert title={t('suppressed.failed')} failure={toFailure(fault)} mb="sm" />
      )}
      {data && nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('suppressed.none')}
        </Text>
      )}
      <ul className={styles.list}>
        {nodes.map(({ email, reason, suppressedAt }) => (
          <li key={email} className={styles.row}>
            <div>
              <Text size="sm" className={styles.text ?? ''}>
                <bdi>{email}</bdi>
              </Text>
              <Text size="xs" c="dimmed" className={styles.text ?? ''}>
                <Age since={suppressedAt} /> · {reason}
              </Text>
            </div>
            <Button
              size="xs"
              variant="default"
              aria-label={t('suppressed.clearWhom', { email })}
              loading={clearing === email}
              onClick={() => void clear(email)}
            >
              {t('suppressed.clear')}
            </Button>
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && first < MOST && (
        <Button size="xs" variant="default" onClick={() => setFirst(Math.min(MOST, first * 3))}>
          {t('messages.older')}
        </Button>
      )}
    </Section>
  )
}
