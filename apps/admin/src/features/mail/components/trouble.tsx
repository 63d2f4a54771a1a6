import { FailureAlert } from '../../../components/failure-alert.tsx'
import type { LastKnown } from '../../../lib/use-last-known.ts'

interface TroubleProps {
  readonly known: LastKnown<unknown>
  /** What failed, where nothing at all is known. */
  readonly title: string
}

/** Why a list is missing, if it is. Of one that is only old the strip at the top tells. */
export function Trouble({ known: { data, failure }, title }: TroubleProps) {
  if (failure === undefined || data !== undefined) return null
  return <FailureAlert title={title} failure={failure} />
}
