import { FailureAlert } from '../../../components/failure-alert.tsx'
import type { LastKnown } from '../../../lib/use-last-known.ts'

interface TroubleProps {
  readonly known: LastKnown<unknown>
  /** Title of the failure, when there is no data at all. */
  readonly title: string
}

/** Shows why a list is missing. If it is only old, the outage strip says so. */
export function Trouble({ known: { data, failure }, title }: TroubleProps) {
  if (failure === undefined || data !== undefined) return null
  return <FailureAlert title={title} failure={failure} />
}
