import { Button, Text, TextInput } from '@mantine/core'
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { SignInDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'
import { isWholeNumber } from '../whole-number.ts'

interface NumberFormProps {
  readonly email: string
  readonly onAccepted: () => void
  readonly onBack: () => void
}

/** Takes the number from the mail. */
export function NumberForm({ email, onAccepted, onBack }: NumberFormProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const before = useRef('')
  const { run, loading } = useMutation(SignInDocument)
  const [refusal, setRefusal] = useState<string>()
  const [failure, setFailure] = useState<Failure>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (loading) return
    setFailure(undefined)
    setRefusal(undefined)
    try {
      const { signIn } = await run({ number: input.current?.value ?? '' })
      if (signIn.__typename === 'SignedIn') return onAccepted()
      const isLimited = signIn.__typename === 'RateLimited'
      setRefusal(isLimited ? t('session.tooOften') : t('session.wrongNumber'))
      input.current?.select()
    } catch (error) {
      setFailure(toFailure(error))
    }
  }

  /** Submits a number that was pasted or autofilled without a click. */
  function submitWhenWhole({ currentTarget: { value, form } }: ChangeEvent<HTMLInputElement>) {
    if (isWholeNumber(value, before.current)) form?.requestSubmit()
    before.current = value
  }

  return (
    <form onSubmit={submit} noValidate>
      <Text size="sm" mb="md" role="status">
        {t('session.mailed', { email })}
      </Text>
      <TextInput
        ref={input}
        name="number"
        label={t('session.number')}
        error={refusal}
        errorProps={{ role: 'alert' }}
        size="md"
        autoFocus
        inputMode="numeric"
        autoComplete="one-time-code"
        onChange={submitWhenWhole}
      />
      {failure && <FailureAlert failure={failure} mt="md" />}
      <Button type="submit" fullWidth size="md" mt="lg" loading={loading}>
        {t('session.useNumber')}
      </Button>
      <Button variant="subtle" fullWidth mt="xs" onClick={onBack}>
        {t('session.otherEmail')}
      </Button>
    </form>
  )
}
