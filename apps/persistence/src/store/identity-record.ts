import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, sealSalted, UnsealError, unsealSalted } from '@emailauth/secrets/seal'
import { packSecrets, type Secrets, unpackSecrets } from './identity-secrets.ts'

// An identity as it lies in Redis, by the million, so bytes count:
//   format 1 byte | tries 1 | salt 4 | bucket 6 | createdAt - bucket's moment 2 | life 4 | address digest 12 | sealed: the secrets
// The head is written and read by the Lua rules (lua/context.lua). Integers are big-endian; times are ms, those of 6 bytes since 1970. A bucket is
// named by its moment (lua/buckets.lua). The nonce under which the secrets are
// sealed begins with the member: the number's digest derives the key, the salt and 8 random bytes are the nonce under it. At 1,000 registers a
// second with numbers of 6 digits two nonces collide with a probability of 2^-32 in 190 years (packages/secrets/src/bound.test.ts).
const FORMAT = 2
const BUCKET_AT = 6
const SINCE_BUCKET_AT = 12
const LIFE_AT = 14
const SEALED_AT = 30

/** Bytes of a number's digest; with {@link SALT_BYTES} they make the member and the inner part of the identity's id. */
export const NUMBER_DIGEST_BYTES = 12
export const SALT_BYTES = 4
export const MEMBER_BYTES = NUMBER_DIGEST_BYTES + SALT_BYTES
export const ADDRESS_DIGEST_BYTES = 12

export interface IdentityRecord extends Secrets {
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** Seals what an identity hides; it opens only in its own tenant and under its own number and salt. The salt is drawn for this call alone. */
export function sealSecrets(ring: KeyRing, tenantId: string, member: Buffer, secrets: Secrets): Buffer {
  return sealSalted(ring, placeOf(tenantId, member), member, packSecrets(secrets))
}

/**
 * Reads a whole record.
 * @throws {UnsealError}
 */
export function openRecord(ring: KeyRing, tenantId: string, member: Buffer, record: Buffer): IdentityRecord {
  if (record[0] !== FORMAT || record.length < SEALED_AT) {
    throw new UnsealError(`A record of format ${record[0]} cannot be read; this version writes ${FORMAT}.`)
  }
  const sealed = record.subarray(SEALED_AT)
  const { email, token, number, locale } = unpackSecrets(
    unsealSalted(ring, placeOf(tenantId, member), member, sealed),
  )
  const createdAtMs = record.readUIntBE(BUCKET_AT, 6) + record.readUInt16BE(SINCE_BUCKET_AT)
  const expiresAtMs = createdAtMs + record.readUInt32BE(LIFE_AT)
  return { email, token, number, locale, createdAtMs, expiresAtMs }
}

function placeOf(tenantId: string, member: Buffer): SealContext {
  return { purpose: 'identity', place: Buffer.concat([Buffer.from(`identity:${tenantId}:`), member]) }
}
