import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'
import { useToast } from '../../../components/use-toast.ts'
import { ResendMailDocument } from '../../../generated/graphql.ts'
import { useNow } from '../../../lib/clock.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useMutation } from '../../../lib/graphql/use-mutation.ts'
import type { Identity } from '../identity-list.ts'

/** Mails the same number again. After too many mails the button counts down to the next one. */
export function ResendButton({ identity, onDone }: { identity: Identity; onDone: () => void }) {
  const { t } = useTranslation('identities')
  const toast = useToast()
  const { run, loading } = useMutation(ResendMailDocument)
  const [allowedAt, setAllowedAt] = useState(0)
  const waitSeconds = Math.ceil((allowedAt - useNow()) / 1000)

  async function mail() {
    try {
      const { resend: result } = await run({ id: identity.id })
      if (result.__typename === 'RateLimited') {
        setAllowedAt(Date.now() + result.retryAfterSeconds * 1000)
        return
      }
      if (result.__typename === 'Registered') toast.good(t(`resend.${result.delivery}`), identity.email)
      else toast.plain(t(result.__typename === 'EmailRejected' ? 'resend.rejected' : 'resend.gone'))
      onDone()
    } catch (error) {
      toast.failed(t('resend.failed'), toFailure(error), identity.email)
    }
  }

  return (
    <ActButton variant="default" loading={loading} disabled={waitSeconds > 0} onClick={() => void mail()}>
      {waitSeconds > 0 ? t('resend.wait', { seconds: waitSeconds }) : t('resend.act')}
    </ActButton>
  )
}
