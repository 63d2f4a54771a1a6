import type { WhoChangedQuery } from '../../generated/graphql.ts'

type Entry = WhoChangedQuery['events']['nodes'][number]

/** Who made a version of a tenant or an endpoint, and when. */
export interface VersionMaker {
  readonly actor: Entry['actor']
  readonly at: string
}

const VERSION_FIELDS: ReadonlySet<string> = new Set(['settings.version', 'version'])

/** Those who made the versions after one, newest first. */
export function makersSince(entries: readonly Entry[], id: string, version: number): VersionMaker[] {
  return entries.flatMap(({ target, changes, actor, at }) => {
    const made = changes?.find(({ field }) => VERSION_FIELDS.has(field))?.after ?? 0
    return target === id && Number(made) > version ? [{ actor, at }] : []
  })
}
