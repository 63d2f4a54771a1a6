/** The sealed part of an identity. */
export interface Secrets {
  /** The address as mail is sent to it. */
  readonly email: string
  readonly token: string
  /** At most 32 digits. */
  readonly number: string
  readonly locale: string | null
}

// The layout before sealing:
//   number of digits 1 byte, plus 128 with a locale | number, big-endian, in the bytes that these digits need
//   | only with a locale: its length 1, the locale | length of the email 1 | email | token
const HAS_LOCALE = 128

/**
 * Writes secrets in few bytes.
 * @throws {RangeError} when email or locale has more than 255 bytes.
 */
export function packSecrets({ email, token, number, locale }: Secrets): Buffer {
  const numberBytes = bytesFor(number.length)
  const localeBytes = locale === null ? 0 : Buffer.byteLength(locale) + 1
  const emailBytes = Buffer.byteLength(email)
  const packed = Buffer.allocUnsafe(2 + numberBytes + localeBytes + emailBytes + Buffer.byteLength(token))
  let at = packed.writeUInt8(number.length + (locale === null ? 0 : HAS_LOCALE))
  at = writeNumber(packed, number, at, numberBytes)
  if (locale !== null) {
    at = packed.writeUInt8(localeBytes - 1, at)
    at += packed.write(locale, at)
  }
  at = packed.writeUInt8(emailBytes, at)
  at += packed.write(email, at)
  packed.write(token, at)
  return packed
}

/** Reads what {@link packSecrets} wrote. */
export function unpackSecrets(packed: Buffer): Secrets {
  const first = packed.readUInt8()
  const digits = first % HAS_LOCALE
  let at = 1 + bytesFor(digits)
  const number = BigInt(`0x${packed.toString('hex', 1, at)}`)
    .toString()
    .padStart(digits, '0')
  const text = () => {
    const from = at + 1
    at = from + packed.readUInt8(at)
    return packed.toString('utf8', from, at)
  }
  const locale = first < HAS_LOCALE ? null : text()
  const email = text()
  return { email, token: packed.toString('utf8', at), number, locale }
}

/** Bytes that hold any number of so many digits. */
function bytesFor(digits: number): number {
  return Math.ceil((digits * Math.log2(10)) / 8)
}

/** Most bytes of an integer that Buffer writes. Numbers of up to 14 digits need no more. */
const SHORT_BYTES = 6

function writeNumber(packed: Buffer, number: string, at: number, bytes: number): number {
  if (bytes <= SHORT_BYTES) return packed.writeUIntBE(Number(number), at, bytes)
  packed.write(
    BigInt(number)
      .toString(16)
      .padStart(2 * bytes, '0'),
    at,
    'hex',
  )
  return at + bytes
}
