import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { RequestSignInDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'

/**
 * Requests a number by mail. `onAsked` gets the address. The form does not reveal whether it is an admin's.
 */
export function MailForm({ onAsked }: { onAsked: (email: string) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const { run, loading } = useMutation(RequestSignInDocument)
  const [isEmpty, setEmpty] = useState(false)
  const [failure, setFailure] = useState<Failure>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (loading) return
    const email = input.current?.value.trim() ?? ''
    setFailure(undefined)
    setEmpty(!email.includes('@'))
    if (!email.includes('@')) return input.current?.focus()
    try {
      await run({ email })
      onAsked(email)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        ref={input}
        name="email"
        type="email"
        label={t('session.email')}
        error={isEmpty && t('session.noEmail')}
        errorProps={{ role: 'alert' }}
        size="md"
        autoFocus
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      {failure && <FailureAlert failure={failure} mt="md" />}
      <Button type="submit" fullWidth size="md" mt="lg" loading={loading}>
        {t('session.mailMe')}
      </Button>
    </form>
  )
}
