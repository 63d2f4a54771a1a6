import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, sealSalted, UnsealError, unsealSalted } from '@emailauth/secrets/seal'
import { additionalDataOf } from './additional-data.ts'
import { packSecrets, type Secrets, unpackSecrets } from './identity-secrets.ts'

// An identity in Redis. It is compact, because there may be millions:
//   format 1 byte | tries 1 | salt 4 | bucket 6 | createdAt - bucket's moment 2 | life 4 | address digest 12
//   | sealed secrets
// The Lua rules write and read all but the secrets (lua/lib/partition.lua). Integers are big-endian. Times
// are ms, and those of 6 bytes count from 1970. A bucket is named by its moment (lua/lib/buckets.lua).
//
// The secrets are sealed with a salted key. The number's digest derives the key, and the salt and 8 random
// bytes are the nonce under it. At 1,000 registers a second with numbers of 6 digits two nonces collide
// within 190 years with a probability of 2^-32 (packages/secrets/src/bound.test.ts).
const FORMAT = 2
const BUCKET_AT = 6
const SINCE_BUCKET_AT = 12
const LIFE_AT = 14
const SEALED_AT = 30

/**
 * Bytes of a number's digest. Digest and salt together are the member, which names the identity in its
 * partition.
 */
export const NUMBER_DIGEST_BYTES = 12
export const SALT_BYTES = 4
export const MEMBER_BYTES = NUMBER_DIGEST_BYTES + SALT_BYTES
export const ADDRESS_DIGEST_BYTES = 12

/** A record as it was opened. */
export interface IdentityRecord extends Secrets {
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/**
 * Seals the secrets of an identity. They open only with the same tenant and member. Every call needs a member
 * with a new random salt.
 */
export function sealSecrets(ring: KeyRing, tenantId: string, member: Buffer, secrets: Secrets): Buffer {
  return sealSalted(ring, sealContextOf(tenantId, member), member, packSecrets(secrets))
}

/**
 * Opens a record.
 * @throws {UnsealError}
 */
export function openRecord(ring: KeyRing, tenantId: string, member: Buffer, record: Buffer): IdentityRecord {
  if (record[0] !== FORMAT || record.length < SEALED_AT) {
    throw new UnsealError(`A record of format ${record[0]} cannot be read; this version writes ${FORMAT}.`)
  }
  const sealed = record.subarray(SEALED_AT)
  const { email, token, number, locale } = unpackSecrets(
    unsealSalted(ring, sealContextOf(tenantId, member), member, sealed),
  )
  const createdAtMs = record.readUIntBE(BUCKET_AT, 6) + record.readUInt16BE(SINCE_BUCKET_AT)
  const expiresAtMs = createdAtMs + record.readUInt32BE(LIFE_AT)
  return { email, token, number, locale, createdAtMs, expiresAtMs }
}

function sealContextOf(tenantId: string, member: Buffer): SealContext {
  return { purpose: 'identity', additionalData: additionalDataOf('identity', tenantId, member) }
}
