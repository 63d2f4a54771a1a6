import { useState } from 'react'
import { useToast } from '../../../components/use-toast.ts'
import { WhoChangedDocument } from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import type { Document } from '../../../lib/graphql/graphql-client.ts'
import { useAct } from '../../tenants/api/use-act.ts'
import { type ConflictRow, conflictRows, type ShownFields } from '../conflict.ts'
import { makersSince, type VersionMaker } from '../who-changed.ts'

/** Somebody else has saved since the form was opened. */
export interface Conflict<Thing> {
  readonly current: Thing
  readonly makers: readonly VersionMaker[]
  readonly rows: readonly ConflictRow[]
}

interface VersionedSave<Thing, Variables, Saved, Loaded> {
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
  /** How what is typed is saved over a version. `thingIn` its answer: null if it is gone. */
  readonly saving: {
    readonly document: Document<Saved, Variables>
    variablesOver(thing: Thing): Variables
    thingIn(saved: Saved): Thing | null | undefined
  }
  /** How what is saved now is read, by its id. */
  readonly loading: {
    readonly document: Document<Loaded, { id: string }>
    thingIn(loaded: Loaded): Thing | null | undefined
  }
  readonly words: { readonly done: string; readonly failed: string }
  onSaved(thing: Thing): void
  /** Somebody has deleted it. */
  onGone(): void
  /** The person takes what somebody else has saved, and drops what is typed. */
  onTaken(current: Thing): void
}

/** After so many changes of others in a row the person is asked, though both changed no field. */
const MOST_MERGES = 3

/**
 * Saves what was made from one version. When somebody else was faster, it saves over theirs what they have
 * not touched, and lets the person choose when both changed one field.
 */
export function useVersionedSave<Thing, Variables, Saved, Loaded>(
  options: VersionedSave<Thing, Variables, Saved, Loaded>,
) {
  const { tenantId, id, base, versionOf, shownOf, yours, saving, loading, words } = options
  const client = useGraphql()
  const toast = useToast()
  const { actOnVersion, busy } = useAct()
  const [conflict, setConflict] = useState<Conflict<Thing>>()

  /** Without the audit log the conflict is shown all the same. */
  const findMakers = async () => {
    const answer = await client.ask(WhoChangedDocument, { tenantId }).catch(() => undefined)
    return makersSince(answer?.events.nodes ?? [], id, versionOf(base))
  }

  async function save(over: Thing, merges = 0): Promise<void> {
    setConflict(undefined)
    const answer = await actOnVersion(saving.document, saving.variablesOver(over), words)
    if (answer === undefined) return
    if (answer !== 'stale') {
      const saved = saving.thingIn(answer)
      return saved ? options.onSaved(saved) : options.onGone()
    }
    const current = await load()
    if (current === undefined) return
    const rows = conflictRows(shownOf(base), shownOf(current), yours)
    if (rows.length === 0 && merges < MOST_MERGES) return save(current, merges + 1)
    setConflict({ current, makers: await findMakers(), rows })
  }

  /** undefined: it is gone, or cannot be loaded. */
  async function load(): Promise<Thing | undefined> {
    try {
      return loading.thingIn(await client.ask(loading.document, { id })) ?? undefined
    } catch (error) {
      toast.failed(words.failed, toFailure(error))
      return undefined
    }
  }

  return {
    busy,
    conflict,
    save: () => save(base),
    keepYours: () => (conflict === undefined ? undefined : void save(conflict.current)),
    takeTheirs() {
      if (conflict === undefined) return
      setConflict(undefined)
      options.onTaken(conflict.current)
    },
    close: () => setConflict(undefined),
  }
}
