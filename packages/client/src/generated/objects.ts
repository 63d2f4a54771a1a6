import type { ActorKind, ApiKeyScope, Counter, DeliveryReason, DeliveryState, EventType, LimitKind, MessageState, RiskPer, TenantStatus, TestMailOutcome, VerificationMode, WebhookDisabledReason, WebhookOutcome } from './operations.ts'

/** An API key as it is listed: never the key itself. */
export interface ApiKey {
  /** The public part of the key, by which it is named. */
  readonly id: string
  /** What it may do. */
  readonly scope: ApiKeyScope
  /** The tenant it belongs to; null for admin keys. */
  readonly tenant: TenantName | null
  /** What it is for, in the words of who made it. */
  readonly name: string
  /** When it was made. */
  readonly createdAt: string
  /** When it was revoked; null while it works. */
  readonly revokedAt: string | null
  /** When it stops working by itself; null: never. */
  readonly expiresAt: string | null
  /** When it was last used, to the minute; null: never. */
  readonly lastUsedAt: string | null
  /** Who made it; null when that cannot be read any more. */
  readonly createdBy: Actor | null
}

/** The only answer that carries a whole API key. */
export interface CreatedApiKey {
  /** The key as it is listed from now on. */
  readonly apiKey: ApiKey
  /** The key itself. It cannot be read again. */
  readonly key: string
}

/** The caller: the holder of an API key, or an admin who has signed in. */
export interface Viewer {
  /** The id of the API key that was sent; null in a session. */
  readonly apiKeyId: string | null
  /** What the caller may do. */
  readonly scope: ApiKeyScope
  /** The caller's tenant; null for admins. */
  readonly tenant: TenantName | null
}

/** Something that happened. It contains neither number nor token. */
export interface EmailauthEvent {
  /** Its position in the order of events; give it as `after` to go on from here. */
  readonly cursor: string
  /** When. An expiry is reported within seconds. */
  readonly at: string
  /** What happened. */
  readonly type: EventType
  /** The tenant that it is about. */
  readonly tenantId: string | null
  /** The identity that it is about; it may be gone by now. */
  readonly identityId: string | null
  /** The address, with REGISTERED and RESENT, and with what an admin does about one. */
  readonly email: string | null
  /** What it was done to, with what admins do. */
  readonly target: string | null
  /** Host and port of the SMTP server, with SENT, DEFERRED, BOUNCED and REJECTED. */
  readonly relay: string | null
  /** What that server replied, its first 300 characters; never number or address. */
  readonly reply: string | null
  /** The class of what went wrong, with DEFERRED, BOUNCED and REJECTED. */
  readonly reason: DeliveryReason | null
  /** The request that registered or resent, as `x-request-id` named it. */
  readonly requestId: string | null
  /** Who did it, with what admins do. */
  readonly actor: Actor | null
}

/** Who caused an event. */
export interface Actor {
  /** Whether a key, an admin or the system did it. */
  readonly kind: ActorKind
  /** The API key's id, or the admin's address. */
  readonly id: string
}

/** A page of identities, newest first. */
export interface IdentityPage {
  /** The identities alone. */
  readonly nodes: readonly (Identity)[]
  /** Where the page begins and ends. */
  readonly pageInfo: PageEnd
  /** All live identities of the tenant or tenants asked for, whatever else the filter says. */
  readonly totalCount: number
}

/** What is kept for one address while it waits to be verified. Neither number nor token can be read. */
export interface Identity {
  /** Its id: the `identityId` that `register` gave. */
  readonly id: string
  /** The tenant it belongs to. */
  readonly tenant: TenantName
  /** The address that was mailed. */
  readonly email: string
  /** When it was registered. */
  readonly createdAt: string
  /** When its number expires. */
  readonly expiresAt: string
  /** Delivery of the mail with its number. */
  readonly delivery: Delivery
}

/** Delivery of an identity's mail. */
export interface Delivery {
  /** Its current state. */
  readonly state: DeliveryState
  /** How often the mail was tried so far. */
  readonly attempts: number
  /** The mail server's last reply, or why there was none; null when neither is known. */
  readonly reason: string | null
  /** Host and port of the SMTP server that was asked last; null when none was. */
  readonly relay: string | null
  /** When the state last changed. */
  readonly updatedAt: string | null
  /** When it is tried again, while it is QUEUED. */
  readonly nextAttemptAt: string | null
}

/** Where a page begins and ends. */
export interface PageEnd {
  /** Whether there is more after this page. */
  readonly hasNextPage: boolean
  /** Give it as `after` for the next page. */
  readonly endCursor: string | null
}

/** A mail with a number; the number itself cannot be read. */
export interface Message {
  /** Its id; an identity whose number was mailed again has several messages. */
  readonly messageId: string
  /** The identity whose number it carries; it may be gone by now. */
  readonly identityId: string
  /** Whether the mail waits, was sent, or failed for good. */
  readonly state: MessageState
  /** How often it was tried. */
  readonly attempts: number
  /** When its state changed. */
  readonly updatedAt: string
  /** When it is tried again, with DEFERRED. */
  readonly nextAttemptAt: string | null
  /** Host and port of the SMTP server that was asked last; null when none was. */
  readonly relay: string | null
  /** The SMTP server's last reply, or why there was none. */
  readonly reply: string | null
  /** Why it is DEFERRED, BOUNCED or REJECTED; null in the other states. */
  readonly reason: DeliveryReason | null
  /** The SMTP server's own id of the mail that it took, which its log and its support know; null where it named none. */
  readonly providerId: string | null
}

/** How many messages reached a state. */
export interface MessageCount {
  /** The state that is counted. */
  readonly state: MessageState
  /** How many messages are in it, or reached it. */
  readonly count: number
}

/** An address that a tenant’s mails are not sent to: one came back, or an admin put it on the list. */
export interface Suppression {
  /** The address to which no mail is sent. */
  readonly email: string
  /** Why, as the other side said it. */
  readonly reason: string
  /** When it was put on the list. */
  readonly suppressedAt: string
}

/** Result of adding addresses to the list. */
export interface AddedSuppressions {
  /** How many are new on the list. */
  readonly added: number
  /** How many were on it before; they stay as they are. */
  readonly known: number
  /** Those that were not added. */
  readonly refused: readonly (RefusedSuppression)[]
}

/** An address that was not added. */
export interface RefusedSuppression {
  /** Where it stands in `addresses`, from 0. */
  readonly index: number
  /** Why, in one sentence. */
  readonly message: string
}

/** A mail as a person would get it, with a sample number that is nobody’s. */
export interface MailPreview {
  /** The subject, as the person would read it. */
  readonly subject: string
  /** The HTML part. Show it in a frame of its own that may run no scripts. */
  readonly html: string
  /** The plain text part, for readers that show no HTML. */
  readonly text: string
}

/** A test mail was handed to an SMTP server. */
export interface TestMail {
  readonly __typename: 'TestMail'
  /** Whether the SMTP server took the mail. */
  readonly outcome: TestMailOutcome
  /** What the SMTP server said, or why it could not be asked. */
  readonly reply: string
}

/** The mail server refused the address for good. The identity is deleted, its mail not counted. */
export interface EmailRejected {
  readonly __typename: 'EmailRejected'
  /** Which outcome it is, for programs to compare. It never changes; the message may. */
  readonly code: 'EMAIL_REJECTED'
  /** For developers: one sentence that says what to do. */
  readonly message: string
}

/** A limit was reached. Nothing was changed; a live number stays valid. */
export interface RateLimited {
  readonly __typename: 'RateLimited'
  /** Which outcome it is, for programs to compare. It never changes; the message may. */
  readonly code: 'RATE_LIMITED'
  /** For developers: one sentence that says what to do. */
  readonly message: string
  /** Which limit was reached. */
  readonly limit: LimitKind
  /** Seconds until a call can succeed again; at least 1. */
  readonly retryAfterSeconds: number
}

/** No live identity has this id: it was verified, replaced or revoked, it expired, or it never was. */
export interface IdentityNotFound {
  readonly __typename: 'IdentityNotFound'
  /** Which outcome it is, for programs to compare. It never changes; the message may. */
  readonly code: 'IDENTITY_NOT_FOUND'
  /** For developers: one sentence that says what to do. */
  readonly message: string
}

/** The one answer to a number that is unknown, used, expired, replaced or revoked, or that belongs to another `email` or `identityId`. */
export interface WrongCredentials {
  readonly __typename: 'WrongCredentials'
  /** Which outcome it is, for programs to compare. It never changes; the message may. */
  readonly code: 'WRONG_CREDENTIALS'
  /** For developers: one sentence that says what to do. */
  readonly message: string
}

/** The token is kept under a new number. The number itself is only in the mail. */
export interface Registered {
  readonly __typename: 'Registered'
  /** Names this registration. Give it to `verify` to tie the number to the session that asked for it. */
  readonly identityId: string
  /** The address as it was mailed to. */
  readonly email: string
  /** When the number expires. */
  readonly expiresAt: string
  /** Delivery of the mail. */
  readonly delivery: DeliveryState
  /** true when the address had a live number before, which no longer works. */
  readonly replaced: boolean
}

/** An admin who has signed in. */
export interface Session {
  /** Names the session; it opens nothing. */
  readonly id: string
  /** The admin's address. */
  readonly email: string
  /** When the admin signed in. */
  readonly createdAt: string
  /** When it ends in any case. */
  readonly expiresAt: string
  /** When it ends if nothing is asked in it. */
  readonly idleExpiresAt: string
}

/** How often things happened. */
export interface Statistics {
  /** Upper bounds, in seconds, of the classes of `waits`. */
  readonly waitBoundsSeconds: readonly (number)[]
  /** Upper bounds, in seconds, of the classes of `deliveries`. */
  readonly deliveryBoundsSeconds: readonly (number)[]
  /** Oldest first, one for each step, empty ones too. */
  readonly buckets: readonly (StatisticsBucket)[]
}

/** The counts of one step. */
export interface StatisticsBucket {
  /** When the step begins. */
  readonly from: string
  /** What happened at all. */
  readonly counts: readonly (Count)[]
  /** Verifications by the time they took: one count for each of `waitBoundsSeconds`, and one for all above. */
  readonly waits: readonly (number)[]
  /** Accepted mails by the time from registration or resend to the reply of the SMTP server: one count for each of `deliveryBoundsSeconds`, and one for all above. */
  readonly deliveries: readonly (number)[]
  /** Delivery problems by reason, exactly: of one event they add up to its count. What is absent did not happen. */
  readonly problems: readonly (ProblemCount)[]
}

/** How often a mail had a problem for a reason. */
export interface ProblemCount {
  /** DEFERRED, BOUNCED or REJECTED. */
  readonly event: Counter
  /** Why the mail had the problem. */
  readonly reason: DeliveryReason
  /** How often it happened. */
  readonly count: number
}

/** How often something happened. */
export interface Count {
  /** What is counted. */
  readonly of: Counter
  /** How often it happened. */
  readonly count: number
}

/** One external server: its settings, API keys, limits and identities are its own. */
export interface Tenant {
  /** Its id: 2 to 40 of a-z, 0-9 and "-". */
  readonly id: string
  /** Its name, as people read it in mails. */
  readonly name: string
  /** When it was made. */
  readonly createdAt: string
  /** Whether its keys are accepted. */
  readonly status: TenantStatus
  /** A test tenant: the addresses of `settings.testAddresses` get known numbers, no mail and no limits. Its keys begin `ea_test_`. It never changes. */
  readonly testMode: boolean
  /** Its rules for numbers and mails. */
  readonly settings: TenantSettings
}

/** One external server: its settings, API keys, limits and identities are its own. */
export interface TenantName {
  /** Its id: 2 to 40 of a-z, 0-9 and "-". */
  readonly id: string
  /** Its name, as people read it in mails. */
  readonly name: string
}

/** A tenant's rules for numbers and mails. */
export interface TenantSettings {
  /** 1 when the tenant is made, and one more with each change of its name or settings, mail texts too. */
  readonly version: number
  /** Whether a number alone is enough to verify. */
  readonly verification: VerificationMode
  /** How long a number is valid unless `register` says otherwise, in seconds. */
  readonly ttlSeconds: number
  /** The language of mails unless `register` says otherwise. */
  readonly locale: string
  /** Mails to one address; all of them hold. */
  readonly mailsPerAddress: readonly (Rate)[]
  /** Registrations of one `clientIp`. */
  readonly registersPerClientIp: Rate
  /** Registrations of the whole tenant. */
  readonly registersPerTenant: Rate
  /** Wrong numbers of one `clientIp`. */
  readonly missesPerClientIp: Rate
  /** Wrong numbers of the whole tenant in an hour, before `verify` by number alone is limited; in mode BOUND before `verify` by `email` without `identityId` is. */
  readonly missBudgetPerHour: number
  /** Digits of a number in mode BOUND. */
  readonly boundDigits: number
  /** Wrong tries that burn an identity in mode BOUND. */
  readonly boundTries: number
  /** The chance of a guess that the tenant accepts: in an hour (NUMBER), or for an identity (BOUND). */
  readonly acceptedRisk: number
  /** With `testMode`: the addresses that get known numbers and no mail. One address, or `*` and how they end. */
  readonly testAddresses: readonly (string)[]
  /** Where the hosted page `/verify/<identityId>` may return to; empty: it is not used. */
  readonly returnUrls: readonly (string)[]
  /** How likely a guess is, with its arithmetic. */
  readonly risk: TenantRisk
  /** How its mails look and which way they go. */
  readonly mail: TenantMail
}

/** How a tenant's mails look and which way they go; null where the service's own way holds. */
export interface TenantMail {
  /** The name that mail programs show as the sender. */
  readonly senderName: string | null
  /** The address that the mails come from. */
  readonly senderAddress: string | null
  /** The address to which answers of people go (Reply-To). */
  readonly replyTo: string | null
  /** Accent, such as `#1a73e8`. */
  readonly colour: string | null
  /** Picture above the heading. */
  readonly logoUrl: string | null
  /** Page of the external server, with `{number}` in it. */
  readonly linkTemplate: string | null
  /** SMTP server of its own, such as `smtps://mail.example.com:465`: never with user and password. */
  readonly smtpServer: string | null
  /** False: neither subject nor preview show the code. Null is true. */
  readonly codeInSubject: boolean | null
  /** Headers for its provider. */
  readonly headers: readonly (TenantMailHeader)[] | null
  /** Texts in its own words, by language. */
  readonly texts: readonly (TenantMailText)[] | null
}

/** At most `max` in any `windowSeconds`. */
export interface Rate {
  /** How many calls are let through. */
  readonly max: number
  /** The seconds in which they are counted. */
  readonly windowSeconds: number
}

/** How likely a guess is with a tenant's settings. */
export interface TenantRisk {
  /** The chance, at most `acceptedRisk`. */
  readonly chance: number
  /** What it is counted for. */
  readonly per: RiskPer
  /** Digits of a number; more while many are live. */
  readonly digits: number
  /** The same as a sum that can be checked. */
  readonly arithmetic: string
}

/** A mail's texts in one language, in the tenant's own words; null where ours hold. */
export interface TenantMailText {
  /** Such as `es` or `zh-Hant`. */
  readonly language: string
  /** With `{code}` or without it, and `{tenant}`. */
  readonly subject: string | null
  /** Above the code; may hold `{tenant}`. */
  readonly heading: string | null
  /** What to do with the code; may hold `{tenant}` and `{valid}`. */
  readonly intro: string | null
  /** Below the rest; may hold `{tenant}`. */
  readonly footer: string | null
}

/** A header of a tenant’s mails for its provider. */
export interface TenantMailHeader {
  /** The name of the header, such as `X-SES-CONFIGURATION-SET`. */
  readonly name: string
  /** The value of the header. */
  readonly value: string
}

/** The number was right. It is used up, and all that was stored for it is deleted. */
export interface Verified {
  readonly __typename: 'Verified'
  /** The `identityId` that `register` gave. */
  readonly identityId: string
  /** The address whose mailbox the person reads. */
  readonly email: string
  /** The text that `register` was given. It is answered once. */
  readonly token: string
  /** When `register` was called. */
  readonly registeredAt: string
}

/** A URL to which the events of a tenant are posted, signed. Its secret cannot be read. */
export interface WebhookEndpoint {
  /** Names the endpoint, beginning `we_`. */
  readonly id: string
  /** The tenant whose events it gets. */
  readonly tenantId: string
  /** Grows with each change of the endpoint or its secrets. */
  readonly version: number
  /** Where events are posted; empty when it cannot be opened any more. */
  readonly url: string
  /** What it is for, in the words of who made it. */
  readonly description: string | null
  /** Which events it gets; null: all of them. */
  readonly eventTypes: readonly (EventType)[] | null
  /** When it was made. */
  readonly createdAt: string
  /** When it was last changed. */
  readonly updatedAt: string
  /** Since when it gets nothing. */
  readonly disabledAt: string | null
  /** Why it gets nothing. */
  readonly disabledReason: WebhookDisabledReason | null
  /** Until then the secret before signs beside the newest; null: the newest alone signs. */
  readonly previousSecretUntil: string | null
  /** Events that wait or failed, and when the endpoint last worked. */
  readonly state: WebhookState
}

/** State of an endpoint. */
export interface WebhookState {
  /** Events that wait for an attempt. */
  readonly waiting: number
  /** Events that were given up within a week and can be sent again. */
  readonly failed: number
  /** The first failure since the last success; null while it works. */
  readonly failingSince: string | null
  /** When it last answered 2xx. */
  readonly lastSuccessAt: string | null
}

/** The only answer that carries the secret of an endpoint. */
export interface WebhookSecret {
  /** The endpoint, as it is from now on. */
  readonly endpoint: WebhookEndpoint
  /** `whsec_` and 32 bytes in base64. It cannot be read again. */
  readonly secret: string
}

/** One attempt to deliver one event to an endpoint. */
export interface WebhookAttempt {
  /** The event, by its cursor; also the header `webhook-id`. */
  readonly eventId: string
  /** The type of the event, as its body says it. */
  readonly type: string
  /** When the attempt began. */
  readonly at: string
  /** 1 for the first attempt of an event. */
  readonly attempt: number
  /** What came of it. */
  readonly outcome: WebhookOutcome
  /** The HTTP status that was answered; null: none was. */
  readonly status: number | null
  /** How long it took, in milliseconds. */
  readonly durationMs: number
  /** What went wrong, in a sentence. */
  readonly error: string | null
  /** When it is tried again, with RETRYING. */
  readonly nextAttemptAt: string | null
}
