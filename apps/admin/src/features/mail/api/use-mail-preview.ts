import { useQuery } from '@apollo/client/react'
import { MailPreviewDocument, type MailPreviewQuery } from '../../../generated/graphql.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'

/** A tenant's mail in a language, with a sample number. Null when the tenant is gone. */
export function useMailPreview(
  tenantId: string,
  locale: string,
): LastKnown<NonNullable<MailPreviewQuery['mailPreview']> | null> & { retry(): void } {
  const { data, error, loading, refetch } = useQuery(MailPreviewDocument, {
    variables: { tenantId, locale },
    fetchPolicy: 'no-cache',
    notifyOnNetworkStatusChange: true,
  })
  const known = useLastKnown(JSON.stringify([tenantId, locale]), {
    data: data && (data.mailPreview ?? null),
    error,
    loading,
  })
  // The query's own state shows a failure.
  return { ...known, retry: () => void refetch().catch(() => {}) }
}
