import { MailPreviewDocument, type MailPreviewQuery } from '../../../generated/graphql.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'

// The mailer keeps a tenant's settings for 5 seconds, so a saved change shows after that.
const POLL_MS = 5000

/** A tenant's mail in a language, with a sample number. Null when the tenant is gone. */
export function useMailPreview(
  tenantId: string,
  locale: string,
): LastKnown<NonNullable<MailPreviewQuery['mailPreview']> | null> & { retry(): void } {
  const { data, error, loading, refetch } = useQuery(
    MailPreviewDocument,
    { tenantId, locale },
    { pollMs: POLL_MS },
  )
  const known = useLastKnown(JSON.stringify([tenantId, locale]), {
    data: data && (data.mailPreview ?? null),
    error,
    loading,
  })
  return { ...known, retry: () => void refetch() }
}
