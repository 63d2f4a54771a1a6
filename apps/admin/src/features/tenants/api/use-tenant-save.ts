import {
  type TenantFactsFragment,
  TenantNowDocument,
  UpdateTenantDocument,
  type UpdateTenantInput,
} from '../../../generated/graphql.ts'
import { useVersionedSave } from '../../versions/api/use-versioned-save.ts'
import type { ShownFields } from '../../versions/conflict.ts'

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
export function useTenantSave({ base, changesOver, ...form }: TenantSave) {
  const { id } = base
  return useVersionedSave({
    ...form,
    tenantId: id,
    id,
    base,
    versionOf: ({ settings }) => settings.version,
    saving: {
      document: UpdateTenantDocument,
      variablesOver: (over) => ({ input: { id, ifVersion: over.settings.version, ...changesOver(over) } }),
      thingIn: ({ updateTenant }) => updateTenant,
    },
    loading: { document: TenantNowDocument, thingIn: ({ tenant }) => tenant },
  })
}
