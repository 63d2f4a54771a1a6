import { ProblemError } from '@emailauth/service/http/problem-error'
import { MEMBER_BYTES } from '../store/identity-record.ts'

/**
 * Pages sort by score, then by member, both descending. The score is max(createdAt, bucket start):
 * lib/buckets.lua.
 */
export interface Position {
  readonly score: number
  readonly member: Buffer
}

/** The position behind every identity of this moment or later, and before all earlier ones. */
export function startOf(moment: string): Position {
  return { score: Date.parse(moment), member: Buffer.alloc(MEMBER_BYTES) }
}

/** Of two positions the one that comes later in the order of pages. */
export function earlier(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return compare(a, b) > 0 ? a : b
}

/** Sorts in the order of pages. */
export function compare(a: Position, b: Position): number {
  return b.score - a.score || Buffer.compare(b.member, a.member)
}

/** A position as callers see it. {@link readCursor} reads it. */
export function toCursor({ score, member }: Position): string {
  const moment = Buffer.alloc(8)
  moment.writeDoubleBE(score)
  return Buffer.concat([moment, member]).toString('base64url')
}

/** @throws {ProblemError} when it is not one of ours */
export function readCursor(cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url')
  const score = bytes.length === 8 + MEMBER_BYTES ? bytes.readDoubleBE() : Number.NaN
  if (!Number.isFinite(score)) {
    throw new ProblemError('bad-input', 'This cursor was not given out here; begin without "after".', {
      field: 'after',
    })
  }
  return { score, member: bytes.subarray(8) }
}
