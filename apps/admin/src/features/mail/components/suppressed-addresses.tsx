import { Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import { Email } from '../../../components/email.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { useSuppressions } from '../api/use-suppressions.ts'
import styles from './list.module.css'
import { Pager } from './pager.tsx'
import { Section } from './section.tsx'
import { SuppressionTools } from './suppression-tools.tsx'
import { Trouble } from './trouble.tsx'

/** A tenant's suppressed addresses, and how to remove them. */
export function SuppressedAddresses({ tenantId }: { readonly tenantId: string }) {
  const { t } = useTranslation('mail')
  const [after, setAfter] = useState<string>()
  const { list, clear, removals, reload } = useSuppressions(tenantId, after)
  const { data: page, failure } = list

  const cleared = removals.done

  return (
    <Section title={t('suppressed.title')} hint={t('suppressed.hint')}>
      <SuppressionTools tenantId={tenantId} onChanged={reload} />
      <Trouble known={list} title={t('suppressed.failed')} />
      {[...removals.failures].map(([email, failure]) => (
        <FailureAlert key={email} title={t('suppressed.clearFailed', { email })} failure={failure} mb="sm" />
      ))}
      <div role="status" className={styles.said}>
        {cleared !== undefined && <Text size="sm">{t('suppressed.cleared', { email: cleared })}</Text>}
      </div>
      {page === undefined && failure === undefined && <Skeleton height={64} />}
      {page?.nodes.length === 0 && (
        <Text size="sm" c="dimmed" mb={after === undefined ? 0 : 'sm'}>
          {t(after === undefined ? 'suppressed.none' : 'suppressed.noneHere')}
        </Text>
      )}
      {page !== undefined && page.nodes.length > 0 && (
        <ul className={styles.list} aria-busy={list.stale}>
          {page.nodes.map(({ email, reason, suppressedAt }) => (
            <li key={email} className={styles.address}>
              <div>
                <Text size="sm" className={styles.text ?? ''}>
                  <Email value={email} />
                </Text>
                <Text size="xs" c="dimmed" className={styles.text ?? ''}>
                  <Age since={suppressedAt} /> · {reason}
                </Text>
              </div>
              <ActButton
                size="xs"
                variant="default"
                aria-label={t('suppressed.clearWhom', { email })}
                loading={removals.busy.has(email)}
                onClick={() => clear(email)}
              >
                {t('suppressed.clear')}
              </ActButton>
            </li>
          ))}
        </ul>
      )}
      <Pager after={after} pageInfo={page?.pageInfo} onPage={setAfter} />
    </Section>
  )
}
