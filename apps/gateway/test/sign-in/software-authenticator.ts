import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

/** An authenticator in software: one passkey on P-256, as `navigator.credentials` would answer for it. */
export interface SoftwareAuthenticator {
  /** The answer to `create`, as JSON text. */
  create(options: string, changes?: Changes): string
  /** The answer to `get`, as JSON text. */
  get(options: string, changes?: Changes): string
}

/** What a hostile browser says otherwise. */
export interface Changes {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly counter?: number
  readonly isVerified?: boolean
}

const PRESENT = 0x01
const VERIFIED = 0x04
const ATTESTED = 0x40

export function createSoftwareAuthenticator(origin = 'http://localhost'): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0

  const clientData = (type: string, challenge: string, { origin: given = origin }: Changes) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: given, crossOrigin: false }))

  const authData = (rpId: string, flags: number, { isVerified = true, counter: given }: Changes) => {
    counter += 1
    const head = Buffer.alloc(5)
    head[0] = flags | PRESENT | (isVerified ? VERIFIED : 0)
    head.writeUInt32BE(given ?? counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head])
  }

  return {
    create(text, changes = {}) {
      const { rp, challenge } = JSON.parse(text)
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)])
      const data = Buffer.concat([authData(changes.rpId ?? rp.id, ATTESTED, changes), attested])
      return answer(id, {
        clientDataJSON: clientData('webauthn.create', changes.challenge ?? challenge, changes),
        attestationObject: attestationObject(data),
      })
    },
    get(text, changes = {}) {
      const { rpId, challenge } = JSON.parse(text)
      const client = clientData('webauthn.get', changes.challenge ?? challenge, changes)
      const data = authData(changes.rpId ?? rpId, 0, changes)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      const signature = createSign('sha256').update(signed).sign(privateKey)
      return answer(id, { clientDataJSON: client, authenticatorData: data, signature })
    },
  }
}

function answer(id: Buffer, parts: Readonly<Record<string, Buffer>>): string {
  const named = id.toString('base64url')
  const response = Object.fromEntries(
    Object.entries(parts).map(([name, bytes]) => [name, bytes.toString('base64url')]),
  )
  return JSON.stringify({ id: named, rawId: named, type: 'public-key', response, clientExtensionResults: {} })
}

/** CBOR of `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`: a public key for ES256. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const part = (label: number, value: string) =>
    Buffer.concat([Buffer.from([label, 0x58, 0x20]), Buffer.from(value, 'base64url')])
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]),
    part(0x21, x),
    part(0x22, y),
  ])
}

/** CBOR of `{fmt: "none", attStmt: {}, authData}`. */
function attestationObject(authData: Buffer): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)])
  return Buffer.concat([
    Buffer.from([0xa3]),
    text('fmt'),
    text('none'),
    text('attStmt'),
    Buffer.from([0xa0]),
    text('authData'),
    Buffer.from([0x58, authData.length]),
    authData,
  ])
}
