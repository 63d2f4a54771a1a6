import { useLocale } from '../../../lib/i18n/i18n.ts'
import { useTenantCounts } from '../api/use-tenant-counts.ts'

/** How many identities of a tenant are live. */
export function LiveCount({ tenantId }: { tenantId: string }) {
  const locale = useLocale()
  const { live } = useTenantCounts(tenantId)
  return live === undefined ? '–' : new Intl.NumberFormat(locale).format(live)
}

/** The share of the last day's registrations that were verified. */
export function Conversion({ tenantId }: { tenantId: string }) {
  const locale = useLocale()
  const { conversion } = useTenantCounts(tenantId)
  if (conversion === undefined) return '–'
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(conversion)
}
