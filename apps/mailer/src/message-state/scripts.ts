import { defineRule } from '@emailauth/redis/rules/rule'
import bounceLua from './lua/bounce.lua'
import claimLua from './lua/claim.lua'
import completeLua from './lua/complete.lua'
import dropLua from './lua/drop.lua'
import keepLua from './lua/keep.lua'
import partitionLua from './lua/partition.lua'
import readLua from './lua/read.lua'
import renewLua from './lua/renew.lua'

const library = { partition: partitionLua }
/** What names a message: the key of its state, its id in it, and its name in lists. */
const NAME = ['state', 'id', 'name'] as const

/** The rules of the message store: their arguments by name, and their decoded replies. */
export const scripts = {
  claim: defineRule(claimLua, {
    library,
    args: [...NAME, 'keptUntil', 'retry', 'owner', 'leaseMs', 'leaseEnds', 'always'],
    decode: decodeClaim,
  }),
  keep: defineRule(keepLua, { library, args: [...NAME, 'request', 'leaseEnds'], decode: isDone }),
  renew: defineRule(renewLua, {
    library,
    args: [...NAME, 'owner', 'leaseMs', 'leaseEnds'],
    decode: isDone,
  }),
  complete: defineRule(completeLua, {
    library,
    args: [
      ...['stateKey', 'id', 'name', 'state', 'record', 'attempts', 'request', 'keptUntil', 'owner', 'now'],
      ...['identity', 'digest', 'findableMs'],
    ],
    decode: isDone,
  }),
  drop: defineRule(dropLua, {
    library,
    args: ['state', 'keptMs'],
    decode: (waiting: Buffer | null) => waiting?.toString(),
  }),
  bounce: defineRule(bounceLua, { library, args: ['state', 'id', 'record'], decode: isDone }),
  read: defineRule(readLua, { library, args: ['state'], decode: decodeFields }),
}

/** The fields of a state, which lua/partition.lua lists. */
export type Fields = ReadonlyMap<string, Buffer>

function decodeFields(flat: readonly Buffer[]): Fields {
  return new Map(
    Array.from({ length: flat.length / 2 }, (_, i) => [
      (flat[2 * i] as Buffer).toString(),
      flat[2 * i + 1] as Buffer,
    ]),
  )
}

function isDone(reply: number): boolean {
  return reply === 1
}

/** Decodes a reply of lua/claim.lua. `sealed`: the record of a message that is not claimed. */
function decodeClaim([kind, detail, redisMs]: [Buffer, (Buffer | number)?, number?]):
  | { readonly kind: 'claimed'; readonly attempt: number; readonly redisMs: number }
  | { readonly kind: 'taken'; readonly attempt: number }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'completed' | 'deferred'; readonly sealed: Buffer } {
  const said = kind.toString()
  switch (said) {
    case 'claimed':
      return { kind: said, attempt: Number(detail), redisMs: Number(redisMs) }
    case 'taken':
      return { kind: said, attempt: Number(detail) }
    case 'completed':
    case 'deferred':
      // lua/claim.lua replies a record with these kinds.
      return { kind: said, sealed: detail as Buffer }
    case 'dropped':
      return { kind: said }
    default:
      throw new Error(`The claim rule replied ${said}.`)
  }
}
