import type { LimitKind } from '@emailauth/contracts/problems'
import { signInRefusal } from '@emailauth/contracts/sign-ins'
import { ProblemError } from '@emailauth/service/http/problem-error'
import type { z } from 'zod'

/** A reply of a rule as Redis sends it: its kind, then what the rule's head lists for this kind. */
export type RuleReply = readonly [kind: Buffer, ...values: readonly (Buffer | number)[]]

/** The rule ran after its deadline and has done nothing. */
export class TooLate extends ProblemError {
  constructor() {
    super('unavailable', 'This call came too late; nothing was done.', {
      retryAfterSeconds: 1,
      tookEffect: false,
    })
  }
}

/**
 * Lets a reply pass, unless it is `{'late'}`.
 * @throws {TooLate}
 */
export function inTime<Reply>(reply: Reply): Reply {
  if (!Array.isArray(reply) || reply.length !== 1 || String(reply[0]) !== 'late') return reply
  throw new TooLate()
}

/** A limit stopped the call. It can be repeated after `seconds`. */
export interface LimitedReply {
  readonly kind: 'limited'
  readonly limit: LimitKind
  readonly seconds: number
}

/** What lua/rules/register.lua came to. */
export type RegisterReply =
  | {
      readonly kind: 'registered'
      readonly createdAtMs: number
      readonly expiresAtMs: number
      /** The member of the identity that was replaced, or no bytes. */
      readonly replaced: Buffer
      /** When the sweep must come, in ms, if it would come later. */
      readonly dueMs: number | undefined
    }
  /** `kept`: the kept reply of the first call. `record`: no bytes when its identity has ended. */
  | { readonly kind: 'replayed'; readonly kept: Buffer; readonly record: Buffer }
  /** The number is too short for so many live identities. */
  | { readonly kind: 'longer'; readonly live: number }
  | { readonly kind: 'taken' | 'conflict' }
  | LimitedReply

/** What lua/rules/verify.lua or exchange.lua came to. */
export type VerifyReply =
  | { readonly kind: 'verified'; readonly member: Buffer; readonly record: Buffer }
  /** `nobody`: the call meant no live identity. `again`: the kept reply of an earlier miss. */
  | { readonly kind: 'wrong'; readonly about: 'identity' | 'nobody' | 'again' }
  | { readonly kind: 'burned' | 'conflict' }
  | LimitedReply

/** What lua/rules/resend.lua came to. */
export type ResendReply =
  | { readonly kind: 'resent'; readonly moment: string }
  | { readonly kind: 'gone' }
  | LimitedReply

/** Decodes a reply of lua/rules/register.lua. */
export function decodeRegister(reply: RuleReply | Buffer): RegisterReply {
  if (Buffer.isBuffer(reply)) {
    return {
      kind: 'registered',
      createdAtMs: reply.readDoubleBE(0),
      expiresAtMs: reply.readDoubleBE(8),
      replaced: reply.subarray(24),
      dueMs: reply.readDoubleBE(16) || undefined,
    }
  }
  const kind = reply[0].toString()
  switch (kind) {
    case 'replayed':
      return { kind, kept: bytes(reply[1]), record: bytes(reply[2]) }
    case 'longer':
      return { kind, live: Number(reply[1]) }
    case 'taken':
    case 'conflict':
      return { kind }
    case 'limited':
      return decodeLimited(reply)
    default:
      throw unknownReply('register', kind)
  }
}

/** Decodes a reply of lua/rules/verify.lua or exchange.lua. */
export function decodeVerify(reply: RuleReply): VerifyReply {
  const kind = reply[0].toString()
  switch (kind) {
    case 'verified':
      return { kind, member: bytes(reply[1]), record: bytes(reply[2]) }
    case 'wrong': {
      const about = reply[1] === undefined ? 'identity' : String(reply[1])
      if (about !== 'identity' && about !== 'nobody' && about !== 'again') throw unknownReply('verify', about)
      return { kind, about }
    }
    case 'burned':
    case 'conflict':
      return { kind }
    case 'limited':
      return decodeLimited(reply)
    default:
      throw unknownReply('verify', kind)
  }
}

/** Decodes a reply of lua/rules/resend.lua. */
export function decodeResend(reply: RuleReply): ResendReply {
  const kind = reply[0].toString()
  switch (kind) {
    case 'resent':
      return { kind, moment: String(reply[1]) }
    case 'gone':
      return { kind }
    case 'limited':
      return decodeLimited(reply)
    default:
      throw unknownReply('resend', kind)
  }
}

/** Decodes a reply of lua/rules/reserve.lua. */
export function decodeReserve(reply: RuleReply): { kind: 'reserved' } | { kind: 'limited'; seconds: number } {
  const kind = reply[0].toString()
  if (kind === 'reserved') return { kind }
  if (kind === 'limited') return { kind, seconds: Number(reply[1]) }
  throw unknownReply('reserve', kind)
}

/**
 * What lua/rules/sign-in-begin.lua came to. `number` stays sealed; `mail` counts the mails of the ticket.
 */
export type SignInBeginReply =
  | { readonly kind: 'refused'; readonly why: z.infer<typeof signInRefusal> }
  | { readonly kind: 'number'; readonly sealed: Buffer; readonly expiresAtMs: number; readonly mail: number }

/** Decodes a reply of lua/rules/sign-in-begin.lua. */
export function decodeSignInBegin(reply: RuleReply): SignInBeginReply {
  const kind = reply[0].toString()
  switch (kind) {
    case 'refused':
      return { kind, why: signInRefusal.parse(String(reply[1])) }
    case 'number':
      return {
        kind,
        sealed: bytes(reply[1]),
        expiresAtMs: Number(String(reply[2])),
        mail: Number(reply[3]),
      }
    default:
      throw unknownReply('sign-in-begin', kind)
  }
}

export const decodeRemove = kindOf('remove', ['removed', 'gone'])
export const decodeClaim = kindOf('claim', ['claimed', 'conflict'])
export const decodeRefund = kindOf('refund', ['refunded'])
export const decodeRefundMail = kindOf('refund-mail', ['refunded', 'kept'])
export const decodeSignInFinish = kindOf('sign-in-finish', ['none', 'wrong', 'right'])

/** Decodes replies that are a kind and nothing else. */
function kindOf<const Kind extends string>(rule: string, kinds: readonly Kind[]) {
  return (reply: RuleReply): Kind => {
    const text = reply[0].toString()
    const kind = kinds.find((known) => known === text)
    if (kind === undefined) throw unknownReply(rule, text)
    return kind
  }
}

function decodeLimited(reply: RuleReply): LimitedReply {
  // The rules name only limits of the contract.
  return { kind: 'limited', limit: String(reply[1]) as LimitKind, seconds: Number(reply[2]) }
}

function bytes(value: Buffer | number | undefined): Buffer {
  if (Buffer.isBuffer(value)) return value
  throw new Error('A rule replied without the bytes that its head lists.')
}

const unknownReply = (rule: string, kind: string) => new Error(`The ${rule} rule replied ${kind}.`)
