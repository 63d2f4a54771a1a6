import { Button, Paper, Skeleton, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { Age } from '../../../components/age.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { RowFailures } from '../../../components/row-failures.tsx'
import { usePasskeys } from '../api/use-passkeys.ts'
import { canUsePasskeys } from '../can-use-passkeys.ts'
import styles from './sessions-page.module.css'

/**
 * The passkeys of all admins. New ones are for oneself.
 * @param hasSession an admin key neither has passkeys nor removes any
 */
export function Passkeys({ hasSession }: { readonly hasSession: boolean }) {
  const { t } = useTranslation('signIns')
  const { t: common } = useTranslation()
  const { passkeys, failure, removals, retry, remove, add } = usePasskeys()
  return (
    <section className={styles.part} aria-labelledby="passkeys">
      <Title order={2} size="md" id="passkeys">
        {t('passkeys.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('passkeys.intro')}
      </Text>
      {failure !== undefined && (
        <FailureAlert
          failure={failure}
          title={t('passkeys.failed')}
          action={{ label: common('app.retry'), run: retry }}
        />
      )}
      <RowFailures
        failures={removals.failures}
        nameOf={(wanted) => passkeys?.find(({ id }) => id === wanted)?.name}
        titleOf={(which) => t('passkeys.removeFailed', { which })}
      />
      {passkeys === undefined && failure === undefined && <Skeleton height={19} width={180} mb="sm" />}
      {passkeys?.length === 0 && (
        <Text size="sm" mb="sm">
          {t('passkeys.none')}
        </Text>
      )}
      {passkeys !== undefined && passkeys.length > 0 && (
        <Paper withBorder radius="lg" component="ul" mb="md" className={styles.list ?? ''}>
          {passkeys.map(({ id, email, name, createdAt, lastUsedAt }) => (
            <li key={id} className={styles.session}>
              <div className={styles.who}>
                <span className={styles.email}>{name}</span>
                <Text size="sm" c="dimmed" w="100%">
                  {email} · {t('passkeys.added')} <Age since={createdAt} /> ·{' '}
                  {lastUsedAt === null ? (
                    t('passkeys.neverUsed')
                  ) : (
                    <>
                      {t('passkeys.lastUsed')} <Age since={lastUsedAt} />
                    </>
                  )}
                </Text>
              </div>
              {hasSession && (
                <ActButton
                  variant="default"
                  size="xs"
                  aria-label={t('passkeys.removeWhich', { name, email })}
                  loading={removals.busy.has(id)}
                  onClick={() => remove(id)}
                >
                  {t('passkeys.remove')}
                </ActButton>
              )}
            </li>
          ))}
        </Paper>
      )}
      {!canUsePasskeys() ? (
        <Text size="sm" c="dimmed">
          {t('passkeys.notHere')}
        </Text>
      ) : hasSession ? (
        <AddPasskey add={add} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('passkeys.needsSession')}
        </Text>
      )}
    </section>
  )
}

function AddPasskey({ add }: { readonly add: (name: string) => Promise<'added' | 'refused'> }) {
  const { t } = useTranslation('signIns')
  const input = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    const name = input.current?.value.trim() ?? ''
    if (isBusy || name === '') return setRefusal(name === '' ? t('passkeys.noName') : undefined)
    setBusy(true)
    const outcome = await add(name)
    setBusy(false)
    setRefusal(outcome === 'refused' ? t('passkeys.refused') : undefined)
    if (outcome === 'added' && input.current) input.current.value = ''
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <TextInput
        ref={input}
        name="passkey-name"
        label={t('passkeys.name')}
        maxLength={80}
        error={refusal}
        errorProps={{ role: 'alert' }}
        autoComplete="off"
        maw={360}
      />
      <Button type="submit" mt="md" loading={isBusy}>
        {t('passkeys.add')}
      </Button>
    </form>
  )
}
