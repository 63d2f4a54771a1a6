import { FailureAlert } from '../../../components/failure-alert.tsx'
import { OutageBanner } from '../../../components/outage-banner.tsx'
import type { LastKnown } from '../../../lib/use-last-known.ts'

interface TroubleProps {
  readonly known: LastKnown<unknown>
  /** What failed, where nothing at all is known. */
  readonly title: string
}

/** Why a list is old or missing, if it is. */
export function Trouble({ known: { data, failure, failingSince }, title }: TroubleProps) {
  if (!failure) return null
  if (data === undefined || failingSince === undefined)
    return <FailureAlert title={title} failure={failure} />
  return <OutageBanner failure={failure} since={failingSince} />
}
