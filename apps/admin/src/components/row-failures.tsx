import { groupFailures } from '../lib/group-failures.ts'
import { useLocale } from '../lib/i18n/i18n.ts'
import type { RowActs } from '../lib/row-acts.ts'
import { FailureAlert } from './failure-alert.tsx'

interface RowFailuresProps {
  readonly failures: RowActs['failures']
  /** How a row is called; undefined when it is no longer in the list, and its failure no longer matters. */
  readonly nameOf: (id: string) => string | undefined
  readonly titleOf: (names: string) => string
}

/** Why acts on rows failed: an alert for each kind of failure, with the names of its rows. */
export function RowFailures({ failures, nameOf, titleOf }: RowFailuresProps) {
  const list = new Intl.ListFormat(useLocale(), { type: 'conjunction' })
  return groupFailures(failures, nameOf).map(({ names, failure }) => (
    <FailureAlert key={failure.kind} title={titleOf(list.format(names))} failure={failure} mb="sm" />
  ))
}
