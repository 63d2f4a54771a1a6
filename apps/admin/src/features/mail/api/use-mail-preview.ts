import {
  MailPreviewDocument,
  type MailPreviewQuery,
  type TenantMailInput,
} from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useQuery } from '../../../lib/graphql/use-query.ts'
import { type LastKnown, useLastKnown } from '../../../lib/use-last-known.ts'

// The mailer keeps a tenant's settings for 5 seconds, so a saved change shows after that.
const POLL_MS = 5000

interface MailPreview extends LastKnown<NonNullable<MailPreviewQuery['mailPreview']> | null> {
  /** What of the unsaved change cannot be shown, in a sentence. */
  readonly fault: string | undefined
  retry(): void
}

/**
 * A tenant's mail in a language, with a sample number, as if `unsaved` were saved. Null when the tenant is
 * gone. A change that is not valid keeps the preview before.
 */
export function useMailPreview(tenantId: string, locale: string, unsaved: TenantMailInput): MailPreview {
  const { data, error, loading, refetch } = useQuery(
    MailPreviewDocument,
    { tenantId, locale, ...(Object.keys(unsaved).length > 0 && { unsaved }) },
    { pollMs: POLL_MS },
  )
  const isFault = error !== undefined && toFailure(error).kind === 'invalid'
  const known = useLastKnown(JSON.stringify([tenantId, locale]), {
    data: data && (data.mailPreview ?? null),
    error: isFault ? undefined : error,
    loading,
  })
  const fault = isFault && error instanceof Error ? error.message : undefined
  return { ...known, fault, retry: () => void refetch() }
}
