import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../../components/use-toast.ts'
import { EventsOfRequestDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'

/** Finds the identity that a request registered or resent. `onDone` gets its id, or undefined. */
export function useRequestLookup(
  requestId: string | undefined,
  onDone: (identityId: string | undefined) => void,
): void {
  const client = useGraphql()
  const toast = useToast()
  const { t } = useTranslation('identities')
  const look = useEffectEvent(async (wanted: string, isCurrent: () => boolean) => {
    try {
      const { events } = await client.ask(EventsOfRequestDocument, { requestId: wanted })
      const id = events.nodes.find(({ identityId }) => identityId !== null)?.identityId ?? undefined
      if (!isCurrent()) return
      if (id === undefined) toast.plain(t('request.unknown'), t('request.unknownHint'))
      onDone(id)
    } catch (error) {
      if (!isCurrent()) return
      toast.failed(t('request.failed'), toFailure(error))
      onDone(undefined)
    }
  })
  useEffect(() => {
    if (requestId === undefined) return
    let current = true
    void look(requestId, () => current)
    return () => {
      current = false
    }
  }, [requestId])
}
