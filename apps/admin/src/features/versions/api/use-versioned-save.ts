import { useState } from 'react'
import { WhoChangedDocument } from '../../../generated/graphql.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { type ConflictRow, conflictRows, type ShownFields } from '../conflict.ts'
import { makersSince, type VersionMaker } from '../who-changed.ts'

/** Somebody else has saved since the form was opened. */
export interface Conflict<Thing> {
  readonly current: Thing
  readonly makers: readonly VersionMaker[]
  readonly rows: readonly ConflictRow[]
}

interface VersionedSave<Thing> {
  readonly tenantId: string
  /** Of what is changed. */
  readonly id: string
  /** As it was when the form was opened. */
  readonly base: Thing
  versionOf(thing: Thing): number
  /** The fields of the form, as a person reads them. */
  shownOf(thing: Thing): ShownFields
  /** The same as they are typed now. */
  readonly yours: ShownFields
  /** Saves what is typed over a version. `stale`: there is a newer one. */
  send(over: Thing): Promise<Thing | 'stale' | undefined>
  /** What is saved now. undefined: it is gone, or cannot be loaded. */
  load(): Promise<Thing | undefined>
  onSaved(thing: Thing): void
  /** The person takes what somebody else has saved, and drops what is typed. */
  onTaken(current: Thing): void
}

/** After so many changes of others in a row the person gets an error. */
const MOST_MERGES = 3

/**
 * Saves what was made from one version. When somebody else was faster, it saves over theirs what they have
 * not touched, and lets the person choose when both changed one field.
 */
export function useVersionedSave<Thing>(options: VersionedSave<Thing>) {
  const { tenantId, id, base, versionOf, shownOf, yours, send, load, onSaved, onTaken } = options
  const client = useGraphql()
  const [conflict, setConflict] = useState<Conflict<Thing>>()

  /** Without the audit log the conflict is shown all the same. */
  const findMakers = async () => {
    const answer = await client.ask(WhoChangedDocument, { tenantId }).catch(() => undefined)
    return makersSince(answer?.events.nodes ?? [], id, versionOf(base))
  }

  async function save(over: Thing, merges = 0): Promise<void> {
    setConflict(undefined)
    const saved = await send(over)
    if (saved === undefined) return
    if (saved !== 'stale') return onSaved(saved)
    const current = await load()
    if (current === undefined) return
    const rows = conflictRows(shownOf(base), shownOf(current), yours)
    if (rows.length === 0 && merges < MOST_MERGES) return save(current, merges + 1)
    setConflict({ current, makers: await findMakers(), rows })
  }

  return {
    conflict,
    save: () => save(base),
    keepYours: () => (conflict === undefined ? undefined : void save(conflict.current)),
    takeTheirs() {
      if (conflict === undefined) return
      setConflict(undefined)
      onTaken(conflict.current)
    },
    close: () => setConflict(undefined),
  }
}
