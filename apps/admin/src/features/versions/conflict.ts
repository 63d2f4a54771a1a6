/** A field that was changed since a form was opened, here or by somebody else. */
export interface ConflictRow {
  readonly label: string
  /** What is saved now. */
  readonly theirs: string
  /** What the form has. undefined: it did not change this field. */
  readonly yours: string | undefined
}

export type ShownFields = Readonly<Record<string, string>>

/**
 * The fields that either side has changed, by their labels. Empty when no field was changed by both of them:
 * then neither undoes what the other did.
 * @param base as the form was opened
 */
export function conflictRows(base: ShownFields, theirs: ShownFields, yours: ShownFields): ConflictRow[] {
  const labels = [...new Set([base, theirs, yours].flatMap(Object.keys))]
  const isIn = (side: ShownFields) => (label: string) => (side[label] ?? '') !== (base[label] ?? '')
  const isTheirs = isIn(theirs)
  const isYours = isIn(yours)
  const differs = (label: string) => (theirs[label] ?? '') !== (yours[label] ?? '')
  if (!labels.some((label) => isTheirs(label) && isYours(label) && differs(label))) return []
  return labels
    .filter((label) => isTheirs(label) || isYours(label))
    .map((label) => ({
      label,
      theirs: theirs[label] ?? '',
      yours: isYours(label) ? (yours[label] ?? '') : undefined,
    }))
}
