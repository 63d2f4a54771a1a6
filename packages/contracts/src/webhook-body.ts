import { enumName } from './enum-name.ts'

/** An event of the REST contract, or as GraphQL spells it. */
interface PostedEvent {
  readonly cursor: string
  readonly type: string
  readonly at: string
  readonly tenantId: string | null
  readonly identityId: string | null
  readonly email: string | null
  readonly actor: { readonly kind: string; readonly id: string } | null
  readonly target: string | null
  readonly relay: string | null
  readonly reply: string | null
  readonly reason: string | null
  readonly requestId: string | null
}

/** The body of a webhook. Its text is made once and signed as it is. */
export function webhookBody(event: PostedEvent): string {
  const { cursor, type, at, tenantId, identityId, email, actor, target, relay, reply, reason, requestId } =
    event
  return JSON.stringify({
    id: cursor,
    type: enumName(type),
    timestamp: at,
    data: {
      tenantId,
      identityId,
      email,
      actor: actor === null ? null : { kind: enumName(actor.kind), id: actor.id },
      target,
      relay,
      reply,
      reason: reason === null ? null : enumName(reason),
      requestId,
    },
  })
}
