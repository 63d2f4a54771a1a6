import type { MessageRequest } from '@emailauth/contracts/messages'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { type SealContext, seal, unseal } from '@emailauth/secrets/seal'
import type { MessageName } from './message-name.ts'

/** Seals a message's request, so that any mailer can go on with it. It opens only for the same message. */
export function sealRequest(ring: KeyRing, request: MessageRequest): Buffer {
  return seal(ring, contextOf(request), JSON.stringify(request))
}

/** @throws {UnsealError} when it was sealed for other data or altered, or its key has left the ring */
export function unsealRequest(ring: KeyRing, name: MessageName, sealed: Buffer): MessageRequest {
  return JSON.parse(unseal(ring, contextOf(name), sealed))
}

function contextOf({ identityId, messageId }: MessageName): SealContext {
  return { purpose: 'message', additionalData: `message request ${identityId} ${messageId}` }
}
