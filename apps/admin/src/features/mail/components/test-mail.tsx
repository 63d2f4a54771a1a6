import { Alert, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { SendTestMailDocument, type SendTestMailMutation } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'
import { Section } from './section.tsx'
import styles from './test-mail.module.css'

interface TestMailProps {
  readonly tenantId: string
  readonly locale: string
}

/** Sends the mail to a real mailbox as a test. */
export function TestMail({ tenantId, locale }: TestMailProps) {
  const { t } = useTranslation('mail')
  const [email, setEmail] = useState('')
  const [isEmpty, setEmpty] = useState(false)
  const { run, data, error, loading } = useMutation(SendTestMailDocument)
  const failure = error && !loading ? toFailure(error) : undefined
  const isRefused = failure?.kind === 'invalid'

  function submit(event: FormEvent) {
    event.preventDefault()
    const to = email.trim()
    setEmpty(to === '')
    // The mutation's own state shows a failure.
    if (to !== '') run({ tenantId, email: to, locale }).catch(() => {})
  }

  return (
    <Section title={t('test.title')} hint={t('test.hint')}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextInput
          type="email"
          label={t('test.email')}
          value={email}
          error={isEmpty ? t('test.empty') : isRefused && t('test.invalid')}
          autoComplete="email"
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <ActButton type="submit" loading={loading}>
          {t('test.send')}
        </ActButton>
      </form>
      <div role="status">{!loading && data && <Outcome result={data.sendTestMail} />}</div>
      {failure && !isRefused && <FailureAlert mt="sm" title={t('test.failed')} failure={failure} />}
    </Section>
  )
}

function Outcome({ result }: { readonly result: SendTestMailMutation['sendTestMail'] }) {
  const { t } = useTranslation('mail')
  if (!result) return <Alert mt="sm" color="red" title={t('noTenant.title')} />
  if (result.__typename === 'RateLimited') {
    return (
      <Alert mt="sm" color="yellow">
        {t('test.limited', { minutes: Math.ceil(result.retryAfterSeconds / 60) })}
      </Alert>
    )
  }
  return (
    <Alert
      mt="sm"
      color={result.outcome === 'SENT' ? 'green' : 'red'}
      title={t(`test.outcome.${result.outcome}`)}
      className={styles.reply ?? ''}
    >
      {result.reply}
    </Alert>
  )
}
