import { type EmailauthClient, InputError } from '@emailauth/client'
import type { Command } from 'commander'
import { wholeNumber } from '../options/option-values.ts'
import { type Output, printable } from '../terminal/output.ts'

/** Versions are 32-bit numbers in GraphQL. */
const VERSION_MAX = 2 ** 31 - 1

/** @param where the version can be read */
export function withIfVersion(command: Command, where: string): Command {
  return command.option(
    '--if-version <n>',
    `change nothing if somebody else did since this version; ${where} shows it`,
    wholeNumber(1, VERSION_MAX),
  )
}

interface VersionedChange {
  readonly tenantId: string
  /** Of what is changed. */
  readonly id: string
  readonly ifVersion: number | undefined
}

/** Runs a change. When somebody else was faster, it says who changed what and when, before it throws. */
export async function orSayWhoChanged<Result>(
  client: Pick<EmailauthClient, 'graphql'>,
  output: Pick<Output, 'info' | 'json'>,
  about: VersionedChange,
  change: () => Promise<Result>,
): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    const isStale = error instanceof InputError && error.currentVersion !== undefined
    // A key that may not read the audit log, or a service that is away, is not what failed.
    const lines = isStale && !output.json ? await whoChanged(client, about).catch(() => []) : []
    for (const line of lines) output.info(line)
    throw error
  }
}

interface AuditedChanges {
  readonly events: {
    readonly nodes: readonly {
      readonly at: string
      readonly target: string | null
      readonly actor: { readonly id: string } | null
      readonly changes:
        | readonly { readonly field: string; readonly before: string | null; readonly after: string | null }[]
        | null
    }[]
  }
}

const WHO_CHANGED = `query WhoChanged($tenantId: ID!) {
  events(first: 100, tenantId: $tenantId, types: [TENANT_UPDATED, TENANT_ENABLED, TENANT_DISABLED, WEBHOOK_UPDATED]) {
    nodes { at target actor { id } changes { field before after } }
  }
}`
const VERSION_FIELDS: ReadonlySet<string> = new Set(['version', 'settings.version'])

/** The changes since a version, newest first, a line each. */
async function whoChanged(
  client: Pick<EmailauthClient, 'graphql'>,
  { tenantId, id, ifVersion = 0 }: VersionedChange,
): Promise<string[]> {
  const { events } = await client.graphql<AuditedChanges>(WHO_CHANGED, { tenantId })
  return events.nodes.flatMap(({ at, target, actor, changes }) => {
    const version = changes?.find(({ field }) => VERSION_FIELDS.has(field))
    if (target !== id || version === undefined || Number(version.after) <= ifVersion) return []
    const what = (changes ?? [])
      .filter((one) => one !== version)
      .map(({ field, before, after }) => `${field}: ${before ?? '-'} → ${after ?? '-'}`)
    const when = at.slice(0, 19).replace('T', ' ')
    return [printable(`${when}  ${actor?.id ?? '-'}  ${what.join('; ')}`)]
  })
}
