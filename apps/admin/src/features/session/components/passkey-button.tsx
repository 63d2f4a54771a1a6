import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { BeginPasskeySignInDocument, SignInWithPasskeyDocument } from '../../../generated/graphql.ts'
import { type Failure, toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { passkeyNote } from '../passkey-note.ts'

interface PasskeyButtonProps {
  readonly onAccepted: () => void
  /** Shown as the primary button. */
  readonly isFirst?: boolean
}

/** Signs in with a passkey that the browser offers. */
export function PasskeyButton({ onAccepted, isFirst = false }: PasskeyButtonProps) {
  const { t } = useTranslation()
  const client = useGraphql()
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const [failure, setFailure] = useState<Failure>()

  async function signIn(): Promise<string | undefined> {
    const begun = await client.ask(BeginPasskeySignInDocument)
    const optionsJSON = JSON.parse(begun.beginPasskeySignIn)
    const { startAuthentication } = await import('@simplewebauthn/browser')
    const signed = await startAuthentication({ optionsJSON }).catch(() => undefined)
    if (signed === undefined) return t('session.passkeyStopped')
    const variables = { response: JSON.stringify(signed) }
    const { signInWithPasskey } = await client.ask(SignInWithPasskeyDocument, variables)
    if (signInWithPasskey.__typename !== 'SignedIn') return t('session.passkeyRefused')
    passkeyNote.write('yes')
    onAccepted()
  }

  async function click() {
    if (isBusy) return
    setBusy(true)
    setRefusal(undefined)
    setFailure(undefined)
    try {
      setRefusal(await signIn())
    } catch (fault) {
      setFailure(toFailure(fault))
    } finally {
      setBusy(false)
    }
  }

  return (
    <div>
      <Button
        variant={isFirst ? 'filled' : 'default'}
        fullWidth
        size="md"
        loading={isBusy}
        onClick={() => void click()}
      >
        {t('session.withPasskey')}
      </Button>
      {refusal !== undefined && (
        <Text size="sm" c="red" mt="xs" role="alert">
          {refusal}
        </Text>
      )}
      {failure && <FailureAlert failure={failure} mt="md" />}
    </div>
  )
}
