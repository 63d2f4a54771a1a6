// Replies of the rules that read, and of those that answer with a number.

/** How many, as Redis counts. */
export const count = (reply: number): number => reply

/** 1: it is done. 0: nothing was done, because it is not as it was read. */
export const done = (reply: number): boolean => reply === 1

/** What a step of the sweep did. `dueMs`: when the next one is due; undefined: nothing is left. */
interface Swept {
  readonly dueMs: number | undefined
  /** The members that expired. */
  readonly expired: readonly Buffer[]
}

/** Decodes a reply of lua/rules/sweep.lua. */
export function decodeSweep([next, ...expired]: readonly Buffer[]): Swept {
  return { dueMs: numberOrUndefined(next), expired }
}

function numberOrUndefined(text: Buffer | undefined): number | undefined {
  return text === undefined || text.length === 0 ? undefined : Number(String(text))
}

/** Decodes a reply of lua/rules/due-lease.lua: the lease, when to ask again, and the names of partitions. */
export function decodeDueLease([lease, nextInMs, ...names]: readonly Buffer[]) {
  return { lease: String(lease), nextInMs: numberOrUndefined(nextInMs), names: names.map(String) }
}

/** Decodes a reply of lua/rules/session-admit.lua: the ids that were taken off the list. */
export const decodeSessionAdmit = (ids: readonly Buffer[]): string[] => ids.map(String)

/** Decodes a reply of lua/rules/find.lua. undefined: the address has no live identity. */
export function decodeFind([member, record]: readonly Buffer[]):
  | { readonly member: Buffer; readonly record: Buffer }
  | undefined {
  return member === undefined || record === undefined ? undefined : { member, record }
}

/** One bounded step over a partition, newest first. `live`: how many identities it has. */
export interface ListReply {
  readonly live: number
  readonly entries: readonly { readonly score: number; readonly member: Buffer; readonly record: Buffer }[]
  /** Where the next bounded step begins; undefined: the page is full, or everything was looked at. */
  readonly next: { readonly score: string; readonly member: Buffer } | undefined
}

/** Decodes a reply of lua/rules/list.lua. */
export function decodeList([live, nextScore, nextMember, ...found]: [
  number,
  Buffer,
  Buffer,
  ...Buffer[],
]): ListReply {
  const entries: ListReply['entries'][number][] = []
  for (let at = 0; at + 2 < found.length; at += 3) {
    // Three are left, as the loop has checked.
    const [score, member, record] = found.slice(at, at + 3) as [Buffer, Buffer, Buffer]
    entries.push({ score: Number(score), member, record })
  }
  const next = nextMember.length === 0 ? undefined : { score: String(nextScore), member: nextMember }
  return { live, entries, next }
}

/** The counts of one step. A field is a kind of event, or the class of a time (lua/lib/events.lua). */
export interface StepCounts {
  readonly step: number
  readonly counts: readonly (readonly [field: string, count: number])[]
}

/** Decodes a reply of lua/rules/statistics.lua. */
export function decodeStatistics(steps: readonly (readonly Buffer[])[]): readonly StepCounts[] {
  return steps.map(([step, ...fields]) => ({
    step: Number(step),
    counts: fields.flatMap((field, at) =>
      at % 2 === 0 ? [[String(field), Number(fields[at + 1])] as const] : [],
    ),
  }))
}

/** Decodes a reply of lua/rules/webhook-write.lua. */
export function decodeWebhookWrite(reply: number): 'written' | 'changed' | 'full' {
  if (reply === 1) return 'written'
  return reply === -1 ? 'full' : 'changed'
}
