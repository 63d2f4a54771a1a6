import { useToast } from '../../../components/use-toast.ts'
import {
  type TenantFactsFragment,
  TenantNowDocument,
  UpdateTenantDocument,
  type UpdateTenantInput,
} from '../../../generated/graphql.ts'
import { toFailure } from '../../../lib/failure.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { useVersionedSave } from '../../versions/api/use-versioned-save.ts'
import type { ShownFields } from '../../versions/conflict.ts'
import { useAct } from './use-act.ts'

interface TenantSave {
  /** The tenant as it was when the form was opened. */
  readonly base: TenantFactsFragment
  /** What is typed, as changes of this tenant. */
  changesOver(tenant: TenantFactsFragment): Omit<UpdateTenantInput, 'id' | 'ifVersion'>
  /** The fields of the form by their labels. */
  shownOf(tenant: TenantFactsFragment): ShownFields
  readonly yours: ShownFields
  readonly words: { readonly done: string; readonly failed: string }
  onSaved(tenant: TenantFactsFragment): void
  onTaken(tenant: TenantFactsFragment): void
  /** Somebody has deleted the tenant. */
  onGone(): void
}

/** Saves a form of a tenant over the version that it was opened with. */
export function useTenantSave({ base, changesOver, words, onGone, ...form }: TenantSave) {
  const { id } = base
  const { actOnVersion, busy } = useAct()
  const client = useGraphql()
  const toast = useToast()
  const versioned = useVersionedSave<TenantFactsFragment>({
    ...form,
    tenantId: id,
    id,
    base,
    versionOf: ({ settings }) => settings.version,
    async send(over) {
      const input = { id, ifVersion: over.settings.version, ...changesOver(over) }
      const data = await actOnVersion(UpdateTenantDocument, { input }, words)
      if (data === 'stale' || data === undefined) return data
      if (data.updateTenant === null) onGone()
      return data.updateTenant ?? undefined
    },
    async load() {
      try {
        return (await client.ask(TenantNowDocument, { id })).tenant ?? undefined
      } catch (error) {
        toast.failed(words.failed, toFailure(error))
        return undefined
      }
    },
  })
  return { ...versioned, busy }
}
