import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, unseal } from '@emailauth/secrets/seal'

// An identity as it lies in Redis:
//   format 1 byte | tries 1 | salt 4 | createdAt 8 | expiresAt 8 | address digest 12 | sealed: number, locale or nothing, email, token, a line each
// The token comes last, because it alone may hold line breaks.
// The head is written and read by the Lua rules (lua/space.lua); moments are big-endian doubles, ms since 1970.
const CREATED_AT = 6
const EXPIRES_AT = 14
const SEALED_AT = 34

/** Bytes of a number's digest; with {@link SALT_BYTES} they make the index member and the inner part of the identity's id. */
export const NUMBER_DIGEST_BYTES = 12
export const SALT_BYTES = 4
export const MEMBER_BYTES = NUMBER_DIGEST_BYTES + SALT_BYTES
export const ADDRESS_DIGEST_BYTES = 12

/** What only the services may read. */
export interface Secrets {
  /** The address as it is mailed. */
  readonly email: string
  readonly token: string
  readonly number: string
  readonly locale: string | null
}

export interface IdentityRecord extends Secrets {
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** Seals what an identity hides; it opens only in its own tenant and under its own number and salt. */
export function sealSecrets(ring: KeyRing, tenantId: string, member: Buffer, secrets: Secrets): Buffer {
  const { email, token, number, locale } = secrets
  return seal(ring, place(tenantId, member), `${number}\n${locale ?? ''}\n${email}\n${token}`)
}

/** Reads a whole record. */
export function openRecord(ring: KeyRing, tenantId: string, member: Buffer, record: Buffer): IdentityRecord {
  const [number = '', locale, email = '', ...token] = unseal(
    ring,
    place(tenantId, member),
    record.subarray(SEALED_AT),
  ).split('\n')
  return {
    email,
    token: token.join('\n'),
    number,
    locale: locale || null,
    createdAtMs: record.readDoubleBE(CREATED_AT),
    expiresAtMs: record.readDoubleBE(EXPIRES_AT),
  }
}

function place(tenantId: string, member: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`identity:${tenantId}:`), member])
}
