import type { LimitKind } from '@emailauth/contracts/problems'

/** A reply of a rule as Redis sends it: its kind, then what the rule's head lists for this kind. */
export type RuleReply = readonly [kind: Buffer, ...values: readonly (Buffer | number)[]]

/** A limit stopped the call. It can be repeated after `seconds`. */
export interface LimitedReply {
  readonly kind: 'limited'
  readonly limit: LimitKind
  readonly seconds: number
}

export type RegisterReply =
  | {
      readonly kind: 'registered'
      readonly createdAtMs: number
      readonly expiresAtMs: number
      /** The member of the identity that was replaced, or no bytes. */
      readonly replaced: Buffer
    }
  /** `kept`: the kept reply of the first call. `record`: no bytes when its identity has ended. */
  | { readonly kind: 'replayed'; readonly kept: Buffer; readonly record: Buffer }
  /** The number is too short for so many live identities. */
  | { readonly kind: 'longer'; readonly live: number }
  | { readonly kind: 'taken' | 'conflict' }
  | LimitedReply

export type VerifyReply =
  | { readonly kind: 'verified'; readonly member: Buffer; readonly record: Buffer }
  /** `nobody`: the call meant no live identity. `again`: the kept reply of an earlier miss. */
  | { readonly kind: 'wrong'; readonly about: 'identity' | 'nobody' | 'again' }
  | { readonly kind: 'burned' | 'conflict' }
  | LimitedReply

export type ResendReply =
  | { readonly kind: 'resent'; readonly moment: string }
  | { readonly kind: 'gone' }
  | LimitedReply

/** Decodes a reply of lua/rules/register.lua. */
export function decodeRegister(reply: RuleReply): RegisterReply {
  const kind = reply[0].toString()
  switch (kind) {
    case 'registered':
      return {
        kind,
        createdAtMs: Number(String(reply[1])),
        expiresAtMs: Number(String(reply[2])),
        replaced: bytes(reply[3]),
      }
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

function decodeLimited(reply: RuleReply): LimitedReply {
  return { kind: 'limited', limit: String(reply[1]) as LimitKind, seconds: Number(reply[2]) }
}

function bytes(value: Buffer | number | undefined): Buffer {
  if (Buffer.isBuffer(value)) return value
  throw new Error('A rule replied without the bytes that its head lists.')
}

const unknownReply = (rule: string, kind: string) => new Error(`The ${rule} rule replied ${kind}.`)
