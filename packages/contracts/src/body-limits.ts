/**
 * Most bytes of a body at the gateway, by what takes it: what the largest honest call needs, each byte of it
 * escaped. What is beyond is refused with 413 before it is read.
 */
export const BODY_LIMITS = {
  /** Also a message of a WebSocket. A tenant's texts in 40 languages, or 500 suppressed addresses. */
  graphql: 64 * 1024,
  /** `POST /v1/registrations`: a token and an address. */
  registration: 40 * 1024,
  /** The other calls of `/v1`: a number, an address and names. */
  restCall: 16 * 1024,
  /** A form of the hosted page. */
  form: 8 * 1024,
} as const

/** Most bytes of a provider's call to `/hooks/mail/…`: SendGrid's batches are the largest. */
export const MAIL_HOOK_MAX_BYTES = 1024 * 1024

/** Most bytes of a request body between the services, or of a frame of a batch stream. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024

/**
 * Most parts of a JSON body of a tenant or a stranger: its keys, items, objects and lists at all depths. The
 * largest honest call has some 50. To parse 64 KiB takes 0.1 ms as one text, and 17 ms as 30,000 lists. Only
 * admins send more, such as 500 suppressed addresses.
 */
export const BODY_PARTS = 500
