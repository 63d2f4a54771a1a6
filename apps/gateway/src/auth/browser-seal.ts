import { createHash } from 'node:crypto'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'

/** What a browser keeps for us and can neither read nor change. */
export interface BrowserSeal<Value> {
  seal(value: Value): string
  /** undefined: not ours, altered, or too old. */
  open(sealed: string | undefined): Value | undefined
}

export interface BrowserSealOptions {
  /** Separates it from other sealed values that browsers keep. */
  readonly purpose: string
  /** All gateways have them, so each can read what the others sealed. The first seals. */
  readonly serviceTokens: readonly string[]
  readonly maxAgeSeconds: number
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined
}

/** Every sealed value carries its creation time, because a browser may keep a cookie past its expiry. */
export function createBrowserSeal<Value extends { readonly madeAtMs: number }>({
  purpose,
  serviceTokens,
  maxAgeSeconds,
  now = Date.now,
}: BrowserSealOptions): BrowserSeal<Value> {
  const ring = createKeyRing(serviceTokens.map(keyOf))
  const context = { purpose: 'sign-in', additionalData: purpose } as const
  return {
    seal: (value) => seal(ring, context, JSON.stringify(value)).toString('base64url'),
    open(sealed) {
      try {
        // Sealed for this purpose by a gateway, so it has this form.
        const value = JSON.parse(unseal(ring, context, Buffer.from(sealed ?? '', 'base64url'))) as Value
        return now() < value.madeAtMs + maxAgeSeconds * 1000 ? value : undefined
      } catch (error) {
        if (error instanceof UnsealError) return undefined
        throw error
      }
    },
  }
}

const keyOf = (serviceToken: string): Buffer =>
  createHash('sha256').update(`emailauth sign-in\n${serviceToken}`).digest()
