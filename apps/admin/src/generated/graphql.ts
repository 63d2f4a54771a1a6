/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a key, an admin or the system caused an event. */
export type ActorKind =
  /** An admin who had signed in. */
  | 'ADMIN'
  /** The holder of an API key. */
  | 'API_KEY'
  /** emailauth itself, such as when a number expires. */
  | 'SYSTEM';

/** What an API key may do. */
export type ApiKeyScope =
  /** Tenants, API keys, and the identities of every tenant. It neither registers nor verifies. */
  | 'ADMIN'
  /** Sees all that ADMIN sees, and changes nothing. */
  | 'ADMIN_READ_ONLY'
  /** Register, verify, resend, list and revoke in its own tenant. */
  | 'TENANT';

/** Whose relay to connect to. */
export type CheckRelayInput = {
  /** An SMTP URL to try in place of the one that is saved, as in `TenantMailInput.smtpUrl`. Give it as a variable. */
  smtpUrl?: string | null | undefined;
  /** The tenant's id. */
  tenantId: string | number;
};

/** What is counted: each kind of event of an identity, and calls that a limit refused. */
export type Counter =
  /** Mails that came back. */
  | 'BOUNCED'
  /** Identities that ended because of too many wrong numbers. */
  | 'BURNED'
  /** Attempts to mail that failed and are repeated later. */
  | 'DEFERRED'
  /** Identities whose number was not used in time. */
  | 'EXPIRED'
  /** Calls that a limit refused. */
  | 'LIMITED'
  /** Wrong numbers that were tried. */
  | 'MISSED'
  /** Identities that were registered. */
  | 'REGISTERED'
  /** Mails that were refused for good. */
  | 'REJECTED'
  /** Identities that ended because their address was registered again. */
  | 'REPLACED'
  /** Numbers that were mailed again. */
  | 'RESENT'
  /** Identities that were taken back. */
  | 'REVOKED'
  /** Mails that an SMTP server took. */
  | 'SENT'
  /** Numbers that were traded for their tokens. */
  | 'VERIFIED';

/** An API key to make. */
export type CreateApiKeyInput = {
  /** When it stops working by itself. Default: never. */
  expiresAt?: string | null | undefined;
  /** What it is for: 1 to 80 characters. */
  name: string;
  /** What it may do. */
  scope?: ApiKeyScope;
  /** Its tenant. Needed with TENANT, not allowed with the others. */
  tenantId?: string | number | null | undefined;
};

/** A tenant to make. */
export type CreateTenantInput = {
  /** 2 to 40 of a-z, 0-9 and "-", beginning with a letter. It cannot be changed. */
  id: string | number;
  /** Its name, as people read it in mails: one line, at most 80 characters. */
  name: string;
  /** Its rules for numbers and mails. */
  settings?: TenantSettingsInput | null | undefined;
  /** Make a test tenant. It cannot be changed later. Default: false. */
  testMode?: boolean | null | undefined;
};

/** An endpoint to make. */
export type CreateWebhookEndpointInput = {
  /** What it is for: 1 to 80 characters. */
  description?: string | null | undefined;
  /** Of these types only. Default: all of them. */
  eventTypes?: Array<EventType> | null | undefined;
  /** The tenant whose events it gets. Default: the key's own; an admin must name one. */
  tenantId?: string | number | null | undefined;
  /** An https URL without user, password or fragment. */
  url: string;
};

/** Why a mail was deferred, came back or was refused. */
export type DeliveryReason =
  /** The sending server is on a blocklist. */
  | 'BLOCKED'
  /** The mail was taken for spam, or was too large. */
  | 'CONTENT'
  /** The relay did not accept the credentials. */
  | 'CREDENTIALS'
  /** Too many mails for the receiver, or for the account at the relay. */
  | 'LIMIT'
  /** The mailbox takes no more mails for now. */
  | 'MAILBOX_FULL'
  /** None of the other reasons; the reply of the server says more. */
  | 'OTHER'
  /** A rule of the receiver that it does not explain. */
  | 'POLICY'
  /** The server did not understand a command. */
  | 'PROTOCOL'
  /** Nobody reads the mailbox. */
  | 'RECIPIENT'
  /** The relay does not send for us to this address. */
  | 'RELAYING'
  /** The sender's address or domain, or its SPF, DKIM or DMARC. */
  | 'SENDER'
  /** It was still being sent when the call was answered. */
  | 'SLOW'
  /** An earlier mail to the address came back, so none is sent. */
  | 'SUPPRESSED'
  /** The server asked to try again later, for example because of greylisting. */
  | 'TEMPORARY'
  /** The relay could not be reached, or closed the connection. */
  | 'UNREACHABLE';

/** State of the mail with the number. */
export type DeliveryState =
  /** It was not sent. The number is valid all the same; `resend` mails it. */
  | 'FAILED'
  /** The mail server could not take it yet; it is tried again while the number is valid. */
  | 'QUEUED'
  /** The mail server accepted it. */
  | 'SENT';

/** What an installation is for. */
export type Environment =
  /** To build with: the schema may be asked for. */
  | 'DEVELOPMENT'
  /** For people: `NODE_ENV` is `production`. */
  | 'PRODUCTION';

/** What happened. New types may be added. */
export type EventType =
  /** The mail was accepted, and came back later. */
  | 'BOUNCED'
  /** Too many wrong numbers were tried; the identity is gone. */
  | 'BURNED'
  /** The mail waits in the queue and is tried again. */
  | 'DEFERRED'
  /** The number was not used in time; the identity is gone. */
  | 'EXPIRED'
  /** An admin revoked an identity. */
  | 'IDENTITY_REVOKED'
  /** An admin made an API key. */
  | 'KEY_CREATED'
  /** An admin revoked an API key. */
  | 'KEY_REVOKED'
  /** An admin replaced an API key. */
  | 'KEY_ROTATED'
  /** An admin sent a mail with a sample number to an address, or connected to a relay. */
  | 'MAIL_TESTED'
  /** An admin had mails that wait tried at once. */
  | 'MESSAGES_RETRIED'
  /** An admin gave up a mail that waited. */
  | 'MESSAGE_DROPPED'
  /** A wrong number was tried; with an identity when one was meant. */
  | 'MISSED'
  /** Half of the tenant's budget of wrong numbers in an hour is used up. */
  | 'MISSES_HIGH'
  /** An admin registered a passkey. */
  | 'PASSKEY_CREATED'
  /** An admin removed a passkey. */
  | 'PASSKEY_REMOVED'
  /** An admin named a passkey. */
  | 'PASSKEY_RENAMED'
  /** A number was generated for an address. */
  | 'REGISTERED'
  /** The tenant's rate of registrations was reached. */
  | 'REGISTRATIONS_LIMITED'
  /** The SMTP server refused the mail for good; the identity is gone. */
  | 'REJECTED'
  /** The address was registered again; this identity is gone. */
  | 'REPLACED'
  /** The same number was mailed again. */
  | 'RESENT'
  /** The identity was taken back. */
  | 'REVOKED'
  /** The SMTP server has accepted the mail. */
  | 'SENT'
  /** An admin signed in. */
  | 'SESSION_CREATED'
  /** A session was ended. */
  | 'SESSION_REVOKED'
  /** An admin put addresses on the list of those that no mail is sent to. */
  | 'SUPPRESSION_ADDED'
  /** An admin took an address off the list of those that no mail is sent to. */
  | 'SUPPRESSION_CLEARED'
  /** An admin made a tenant. */
  | 'TENANT_CREATED'
  /** An admin deleted a tenant. */
  | 'TENANT_DELETED'
  /** An admin stopped a tenant. */
  | 'TENANT_DISABLED'
  /** An admin let a tenant work again. */
  | 'TENANT_ENABLED'
  /** An admin changed the sender, look or SMTP server of a tenant’s mails. */
  | 'TENANT_MAIL_CHANGED'
  /** An admin changed the risk that a tenant accepts. */
  | 'TENANT_RISK_CHANGED'
  /** An admin changed a tenant. */
  | 'TENANT_UPDATED'
  /** The number was traded for the token; the identity is gone. */
  | 'VERIFIED'
  /** Somebody made a webhook endpoint. */
  | 'WEBHOOK_CREATED'
  /** Somebody deleted a webhook endpoint. */
  | 'WEBHOOK_DELETED'
  /** A webhook endpoint gets no more events: nothing got through for days, or it answered 410 Gone. */
  | 'WEBHOOK_DISABLED'
  /** Somebody had events sent to a webhook endpoint again. */
  | 'WEBHOOK_REPLAYED'
  /** Somebody gave a webhook endpoint a new secret. */
  | 'WEBHOOK_SECRET_ROTATED'
  /** Somebody had a test event sent to a webhook endpoint. */
  | 'WEBHOOK_TESTED'
  /** Somebody changed a webhook endpoint. */
  | 'WEBHOOK_UPDATED';

/** How much a finding matters. */
export type FindingLevel =
  /** Calls fail, or promises are broken. */
  | 'FAIL'
  /** Something may be lost. */
  | 'WARN';

/** Which identities to list. All that is given must match. */
export type IdentityFilter = {
  /** Only those whose mail is in this state. */
  delivery?: DeliveryState | null | undefined;
  /** Of addresses at exactly this domain, however it is written. It is searched for: a page reads at most 5,000 identities, and may be short or empty although more follow (`hasNextPage`). */
  domain?: string | null | undefined;
  /** Of exactly this address, however its domain is written. */
  email?: string | null | undefined;
  /** Registered not before this moment. */
  from?: string | null | undefined;
  /** Of this tenant only. A tenant's key sees its own in any case. */
  tenantId?: string | number | null | undefined;
  /** Registered before this moment. */
  to?: string | null | undefined;
};

/** State of one mail. */
export type MessageState =
  /** It was accepted, and came back later. */
  | 'BOUNCED'
  /** The last attempt failed for a reason that may pass; it is tried again while the number is valid. */
  | 'DEFERRED'
  /** The number was used, replaced or revoked first. */
  | 'DROPPED'
  /** The number expired first. */
  | 'EXPIRED'
  /** It is being handed over. */
  | 'QUEUED'
  /** The SMTP server refused it for good, or the address is suppressed. */
  | 'REJECTED'
  /** The SMTP server has accepted it. */
  | 'SENT';

/** At most `max` in any `windowSeconds`. */
export type RateInput = {
  /** How many are let through: 1 to 1,000; for `registersPerTenant` up to 1,000,000. */
  max: number;
  /** In how many seconds: 1 to 86,400. */
  windowSeconds: number;
};

/** Whether mails would get through to a relay. */
export type RelayCheckLevel =
  /** Mails would not get through. */
  | 'FAIL'
  /** Mails would get through. */
  | 'OK'
  /** Mails would get through, but something about the relay should be changed. */
  | 'WARN';

/** Whether mails go to a relay. */
export type RelayCircuit =
  /** Mails go to the relay. */
  | 'CLOSED'
  /** The relay did not answer lately. Mails go elsewhere or wait, and it is asked again soon. */
  | 'OPEN'
  /** The relay refuses everybody. A single mail is tried from time to time. */
  | 'REFUSING';

/** Which events to send again: some by their ids, or all that were given up since a moment. */
export type ReplayWebhookEventsInput = {
  /** The endpoint's id. */
  endpointId: string | number;
  /** Ids of 1 to 50 events, in any state. */
  eventIds?: Array<string | number> | null | undefined;
  /** All that were given up since then, at most 1,000 in a call. */
  failedSince?: string | null | undefined;
};

/** How long one step of the statistics is, in UTC. */
export type StatisticsStep =
  /** Kept for 400 days. */
  | 'DAY'
  /** Kept for 32 days. */
  | 'HOUR'
  /** Kept for a day. */
  | 'MINUTE';

/** An address that a tenant’s mails are not to be sent to. */
export type SuppressionInput = {
  /** The address, also as lists have it: in angle brackets, with a name, as an IDN. */
  email: string;
  /** Why: at most 1,000 characters, of which 300 are kept. Default: `added by an admin`. */
  reason?: string | null | undefined;
  /** Since when, as another system has it. Default: now. */
  suppressedAt?: string | null | undefined;
};

/** A header of a tenant’s mails for its provider. */
export type TenantMailHeaderInput = {
  /** Begins with `X-`, or is `Feedback-ID` or `IsTransactional`. */
  name: string;
  /** At most 900 printable ASCII characters. */
  value: string;
};

/** What to change of mails: what is left out stays as it is, null removes a setting. */
export type TenantMailInput = {
  /** False keeps the code out of subject and preview, which lock screens and mail logs show. */
  codeInSubject?: boolean | null | undefined;
  /** Accent: six hex digits, such as `#1a73e8`. */
  colour?: string | null | undefined;
  /** Headers for its provider: at most 10, each name once; they replace all that were there, and outweigh those of all mails. */
  headers?: Array<TenantMailHeaderInput> | null | undefined;
  /** Your page that the mail links to: an `https://` URL with `{number}` once, after `?` or, better, `#`. The page must ask before it verifies, because programs follow links too. */
  linkTemplate?: string | null | undefined;
  /** Picture above the heading: an `https://` URL; shown 40 pixels high. */
  logoUrl?: string | null | undefined;
  /** Where answers go: one address. */
  replyTo?: string | null | undefined;
  /** The address they come from; the SMTP server must accept it. */
  senderAddress?: string | null | undefined;
  /** Shown as the sender: one line, at most 80 characters. */
  senderName?: string | null | undefined;
  /** SMTP server of its own: `smtps://user:password@host:465`, or `smtp://…` with STARTTLS. It is kept sealed and cannot be read again. Give it as a variable. */
  smtpUrl?: string | null | undefined;
  /** Texts in its own words, each language once; they replace all that were there. */
  texts?: Array<TenantMailTextInput> | null | undefined;
};

/** A mail's texts in one language, in the tenant's own words; what is left out is said in ours. */
export type TenantMailTextInput = {
  /** At most 400 characters, with `{tenant}`. */
  footer?: string | null | undefined;
  /** At most 150 characters, with `{tenant}`. */
  heading?: string | null | undefined;
  /** At most 400 characters, with `{tenant}` and `{valid}`, which is such as `10 minutes`. */
  intro?: string | null | undefined;
  /** One of the languages that mails are written in, such as `es` or `zh-Hant`. */
  language: string;
  /** At most 150 characters, with `{tenant}` and, once, `{code}`. Without `{code}` neither subject nor preview shows it. */
  subject?: string | null | undefined;
};

/** A tenant's setting, to give it its default again. */
export type TenantSetting =
  /** `acceptedRisk`: 1e-6. */
  | 'ACCEPTED_RISK'
  /** `boundDigits`: 8. */
  | 'BOUND_DIGITS'
  /** `boundTries`: 5. */
  | 'BOUND_TRIES'
  /** `locale`: `en`. */
  | 'LOCALE'
  /** `mailsPerAddress`: 1 in 30 s, 5 in 10 min, 20 in a day. */
  | 'MAILS_PER_ADDRESS'
  /** `mail.codeInSubject`: true. */
  | 'MAIL_CODE_IN_SUBJECT'
  /** `mail.colour`: the service's. */
  | 'MAIL_COLOUR'
  /** `mail.headers`: those of all mails only. */
  | 'MAIL_HEADERS'
  /** `mail.linkTemplate`: none. */
  | 'MAIL_LINK_TEMPLATE'
  /** `mail.logoUrl`: none. */
  | 'MAIL_LOGO_URL'
  /** `mail.replyTo`: none. */
  | 'MAIL_REPLY_TO'
  /** `mail.senderAddress`: the service's. */
  | 'MAIL_SENDER_ADDRESS'
  /** `mail.senderName`: the service's. */
  | 'MAIL_SENDER_NAME'
  /** `mail.smtpUrl`: the service's relays. */
  | 'MAIL_SMTP_URL'
  /** `mail.texts`: ours, in every language. */
  | 'MAIL_TEXTS'
  /** `missesPerClientIp`: 20 in 10 min. */
  | 'MISSES_PER_CLIENT_IP'
  /** `missBudgetPerHour`: 1,000. */
  | 'MISS_BUDGET_PER_HOUR'
  /** `registersPerClientIp`: 30 in 10 min. */
  | 'REGISTERS_PER_CLIENT_IP'
  /** `registersPerTenant`: 100,000 in 10 min. */
  | 'REGISTERS_PER_TENANT'
  /** `returnUrls`: none. */
  | 'RETURN_URLS'
  /** `testAddresses`: `*+emailauth-test@example.com`, `*@test.emailauth.invalid`. */
  | 'TEST_ADDRESSES'
  /** `ttlSeconds`: 600. */
  | 'TTL_SECONDS'
  /** `verification`: NUMBER. */
  | 'VERIFICATION';

/** Rules for numbers and mails; what is left out has its default. */
export type TenantSettingsInput = {
  /** The chance of a guess to accept, 1e-9 to 1e-5: in an hour (NUMBER), or for an identity (BOUND). Default: 1e-6. */
  acceptedRisk?: number | null | undefined;
  /** Digits in mode BOUND: 6 to 12. Default: 8. */
  boundDigits?: number | null | undefined;
  /** Wrong tries in mode BOUND: 1 to 10. Default: 5. */
  boundTries?: number | null | undefined;
  /** Language of mails, such as `es`. Default: `en`. */
  locale?: string | null | undefined;
  /** How mails look and which way they go. Default: as the service is set up. */
  mail?: TenantMailInput | null | undefined;
  /** Mails to one address, 1 to 3 rates. Default: 1 in 30 s, 5 in 10 min, 20 in a day. */
  mailsPerAddress?: Array<RateInput> | null | undefined;
  /** Wrong numbers of the tenant in an hour: 10 to 100,000. Default: 1,000. */
  missBudgetPerHour?: number | null | undefined;
  /** Wrong numbers of one `clientIp`. Default: 20 in 10 min. */
  missesPerClientIp?: RateInput | null | undefined;
  /** Registrations of one `clientIp`. Default: 30 in 10 min. */
  registersPerClientIp?: RateInput | null | undefined;
  /** Registrations of the whole tenant. Default: 100,000 in 10 min. */
  registersPerTenant?: RateInput | null | undefined;
  /** Where the hosted page may return to: up to 20 whole URLs, `https://` or `http://localhost`. Default: none, and no page. */
  returnUrls?: Array<string> | null | undefined;
  /** With `testMode`: 1 to 10 addresses, or `*` and how they end, at domains that nobody reads (`example.com`, below `.test`, `.invalid` …). Default: `*+emailauth-test@example.com`, `*@test.emailauth.invalid`. */
  testAddresses?: Array<string> | null | undefined;
  /** How long a number is valid, in seconds: 60 to 86,400; with `testMode` in development 1 and more. Default: 600. */
  ttlSeconds?: number | null | undefined;
  /** What `verify` needs. Default: NUMBER. */
  verification?: VerificationMode | null | undefined;
};

/** Whether the keys of a tenant are accepted. */
export type TenantStatus =
  /** The keys are accepted. */
  | 'ACTIVE'
  /** All of it is being deleted. That cannot be taken back. */
  | 'DELETING'
  /** The keys are refused with FORBIDDEN until the tenant is enabled again; its data stays. */
  | 'DISABLED';

/** How a test mail ended. */
export type TestMailOutcome =
  /** It failed for a reason that may pass. A test mail is not tried again. */
  | 'DEFERRED'
  /** The SMTP server refused it for good. */
  | 'REJECTED'
  /** The SMTP server has accepted it. */
  | 'SENT';

/** What to change of a tenant; what is left out stays as it is. */
export type UpdateTenantInput = {
  /** The id of the tenant to change. */
  id: string | number;
  /** The `settings.version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case. */
  ifVersion?: number | null | undefined;
  /** Its name: one line, at most 80 characters. */
  name?: string | null | undefined;
  /** Settings that get their defaults again; those of mails are removed. A setting that is also in `settings` is refused. */
  reset?: Array<TenantSetting> | null | undefined;
  /** The rules to change; what is left out stays. */
  settings?: TenantSettingsInput | null | undefined;
};

/** What to change of an endpoint. What is absent stays as it is. */
export type UpdateWebhookEndpointInput = {
  /** What it is for; null: nothing is said. */
  description?: string | null | undefined;
  /** false: it gets no more events, and what waits is given up. true: it gets what happens from now on. */
  enabled?: boolean | null | undefined;
  /** Of these types only; null: all of them. */
  eventTypes?: Array<EventType> | null | undefined;
  /** The endpoint's id. */
  id: string | number;
  /** The `version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case. */
  ifVersion?: number | null | undefined;
  /** Another URL; it holds for what waits too. */
  url?: string | null | undefined;
};

/** Whether a number alone is enough to verify. */
export type VerificationMode =
  /** `identityId` or `email` must come with the number, so it may be short. */
  | 'BOUND'
  /** The number alone is enough, so it is long. */
  | 'NUMBER';

/** Why an endpoint gets no events. */
export type WebhookDisabledReason =
  /** For days nothing got through. */
  | 'FAILING'
  /** The endpoint answered 410 Gone. */
  | 'GONE'
  /** Somebody disabled the endpoint. */
  | 'MANUAL';

/** What came of an attempt. */
export type WebhookOutcome =
  /** The endpoint answered 2xx. */
  | 'DELIVERED'
  /** The last attempt failed; the event can be sent again. */
  | 'FAILED'
  /** The attempt failed, and there is another one. */
  | 'RETRYING';

export type SignedInAsQueryVariables = Exact<{ [key: string]: never; }>;


export type SignedInAsQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', apiKeyId: string | null, scope: ApiKeyScope, session: { __typename: 'Session', id: string, email: string } | null } };

export type EnvironmentQueryVariables = Exact<{ [key: string]: never; }>;


export type EnvironmentQuery = { __typename: 'Query', system: { __typename: 'System', environment: Environment } };

export type ReadinessQueryVariables = Exact<{ [key: string]: never; }>;


export type ReadinessQuery = { __typename: 'Query', system: { __typename: 'System', services: Array<{ __typename: 'ServiceStatus', name: string, ready: boolean }> } };

export type EventDetailsFragment = { __typename: 'Event', cursor: string, type: EventType, at: string, tenantId: string | null, identityId: string | null, email: string | null, target: string | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null };

export type AuditedEventFragment = { __typename: 'Event', cursor: string, type: EventType, at: string, tenantId: string | null, identityId: string | null, email: string | null, target: string | null, changes: Array<{ __typename: 'EventChange', field: string, before: string | null, after: string | null }> | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null };

export type EventPageQueryVariables = Exact<{
  after?: string | null | undefined;
  tenantId?: string | number | null | undefined;
  types?: Array<EventType> | EventType | null | undefined;
  actorId?: string | number | null | undefined;
  from?: string | null | undefined;
  to?: string | null | undefined;
}>;


export type EventPageQuery = { __typename: 'Query', events: { __typename: 'EventConnection', nodes: Array<{ __typename: 'Event', cursor: string, type: EventType, at: string, tenantId: string | null, identityId: string | null, email: string | null, target: string | null, changes: Array<{ __typename: 'EventChange', field: string, before: string | null, after: string | null }> | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type LiveEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  tenantId?: string | number | null | undefined;
  types?: Array<EventType> | EventType | null | undefined;
}>;


export type LiveEventsSubscription = { events: { __typename: 'Event', cursor: string, type: EventType, at: string, tenantId: string | null, identityId: string | null, email: string | null, target: string | null, changes: Array<{ __typename: 'EventChange', field: string, before: string | null, after: string | null }> | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null } };

export type IdentityDetailsFragment = { __typename: 'Identity', id: string, email: string, createdAt: string, expiresAt: string, tenant: { __typename: 'Tenant', id: string, name: string }, message: { __typename: 'Message', state: MessageState, attempts: number, relay: string | null, reply: string | null, nextAttemptAt: string | null, updatedAt: string } | null };

export type IdentityPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: IdentityFilter | null | undefined;
  tenantId?: string | number | null | undefined;
  isFirst: boolean;
}>;


export type IdentityPageQuery = { __typename: 'Query', identities: { __typename: 'IdentityConnection', totalCount: number, scannedCount: number | null, nodes: Array<{ __typename: 'Identity', id: string, email: string, createdAt: string, expiresAt: string, tenant: { __typename: 'Tenant', id: string, name: string }, message: { __typename: 'Message', state: MessageState, attempts: number, relay: string | null, reply: string | null, nextAttemptAt: string | null, updatedAt: string } | null }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } }, events?: { __typename: 'EventConnection', nodes: Array<{ __typename: 'Event', cursor: string }> } };

export type OneIdentityQueryVariables = Exact<{
  id: string | number;
}>;


export type OneIdentityQuery = { __typename: 'Query', identity: { __typename: 'Identity', id: string, email: string, createdAt: string, expiresAt: string, tenant: { __typename: 'Tenant', id: string, name: string }, message: { __typename: 'Message', state: MessageState, attempts: number, relay: string | null, reply: string | null, nextAttemptAt: string | null, updatedAt: string } | null } | null, events: { __typename: 'EventConnection', nodes: Array<{ __typename: 'Event', relay: string | null, reply: string | null, requestId: string | null, cursor: string, type: EventType, at: string, tenantId: string | null, identityId: string | null, email: string | null, target: string | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean } } };

export type EventsOfRequestQueryVariables = Exact<{
  requestId: string | number;
}>;


export type EventsOfRequestQuery = { __typename: 'Query', events: { __typename: 'EventConnection', nodes: Array<{ __typename: 'Event', identityId: string | null }> } };

export type TenantChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type TenantChoicesQuery = { __typename: 'Query', tenants: Array<{ __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean }> };

export type RevokeIdentityMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeIdentityMutation = { __typename: 'Mutation', revokeIdentity: boolean };

export type ResendMailMutationVariables = Exact<{
  id: string | number;
}>;


export type ResendMailMutation = { __typename: 'Mutation', resend:
    | { __typename: 'EmailRejected', message: string }
    | { __typename: 'IdentityNotFound', message: string }
    | { __typename: 'RateLimited', retryAfterSeconds: number }
    | { __typename: 'Registered', delivery: DeliveryState }
   };

export type MailPreviewQueryVariables = Exact<{
  tenantId: string | number;
  locale?: string | null | undefined;
  unsaved?: TenantMailInput | null | undefined;
}>;


export type MailPreviewQuery = { __typename: 'Query', mailPreview: { __typename: 'MailPreview', subject: string, html: string, text: string } | null };

export type SendTestMailMutationVariables = Exact<{
  tenantId: string | number;
  email: string;
  locale?: string | null | undefined;
}>;


export type SendTestMailMutation = { __typename: 'Mutation', sendTestMail:
    | { __typename: 'RateLimited', retryAfterSeconds: number }
    | { __typename: 'TestMail', outcome: TestMailOutcome, reply: string }
   | null };

export type SuppressedAddressesQueryVariables = Exact<{
  tenantId: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type SuppressedAddressesQuery = { __typename: 'Query', suppressions: { __typename: 'SuppressionConnection', nodes: Array<{ __typename: 'Suppression', email: string, reason: string, suppressedAt: string }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type ClearSuppressionMutationVariables = Exact<{
  tenantId: string | number;
  email: string;
}>;


export type ClearSuppressionMutation = { __typename: 'Mutation', clearSuppression: boolean };

export type AddSuppressionsMutationVariables = Exact<{
  tenantId: string | number;
  addresses: Array<SuppressionInput> | SuppressionInput;
}>;


export type AddSuppressionsMutation = { __typename: 'Mutation', addSuppressions: { __typename: 'AddedSuppressions', added: number, known: number, refused: Array<{ __typename: 'RefusedSuppression', index: number, message: string }> } };

export type MessageListQueryVariables = Exact<{
  tenantId?: string | number | null | undefined;
  state: MessageState;
  reason?: DeliveryReason | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type MessageListQuery = { __typename: 'Query', messages: { __typename: 'MessageConnection', nodes: Array<{ __typename: 'Message', messageId: string, identityId: string, state: MessageState, attempts: number, updatedAt: string, nextAttemptAt: string | null, relay: string | null, reply: string | null, reason: DeliveryReason | null, identity: { __typename: 'Identity', id: string, email: string } | null }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type RetryMessagesMutationVariables = Exact<{
  identityIds?: Array<string | number> | string | number | null | undefined;
  tenantId?: string | number | null | undefined;
}>;


export type RetryMessagesMutation = { __typename: 'Mutation', retryMessages: number };

export type DropMessageMutationVariables = Exact<{
  identityId: string | number;
}>;


export type DropMessageMutation = { __typename: 'Mutation', dropMessage: boolean };

export type StatisticsQueryVariables = Exact<{
  from: string;
  to?: string | null | undefined;
  step: StatisticsStep;
  tenantId?: string | number | null | undefined;
}>;


export type StatisticsQuery = { __typename: 'Query', statistics: { __typename: 'Statistics', waitBoundsSeconds: Array<number>, deliveryBoundsSeconds: Array<number>, buckets: Array<{ __typename: 'StatisticsBucket', from: string, waits: Array<number>, deliveries: Array<number>, counts: Array<{ __typename: 'Count', of: Counter, count: number }>, problems: Array<{ __typename: 'ProblemCount', event: Counter, reason: DeliveryReason, count: number }> }> } };

export type LiveCountQueryVariables = Exact<{
  filter?: IdentityFilter | null | undefined;
}>;


export type LiveCountQuery = { __typename: 'Query', identities: { __typename: 'IdentityConnection', totalCount: number } };

export type PasskeysQueryVariables = Exact<{ [key: string]: never; }>;


export type PasskeysQuery = { __typename: 'Query', passkeyConnection: { __typename: 'PasskeyConnection', nodes: Array<{ __typename: 'Passkey', id: string, email: string, name: string, createdAt: string, lastUsedAt: string | null }> } };

export type BeginAddPasskeyMutationVariables = Exact<{ [key: string]: never; }>;


export type BeginAddPasskeyMutation = { __typename: 'Mutation', beginAddPasskey: string };

export type AddPasskeyMutationVariables = Exact<{
  name: string;
  response: string;
}>;


export type AddPasskeyMutation = { __typename: 'Mutation', addPasskey:
    | { __typename: 'Passkey' }
    | { __typename: 'WrongCredentials' }
   };

export type RemovePasskeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RemovePasskeyMutation = { __typename: 'Mutation', removePasskey: boolean };

export type BeginPasskeySignInMutationVariables = Exact<{ [key: string]: never; }>;


export type BeginPasskeySignInMutation = { __typename: 'Mutation', beginPasskeySignIn: string };

export type SignInWithPasskeyMutationVariables = Exact<{
  response: string;
}>;


export type SignInWithPasskeyMutation = { __typename: 'Mutation', signInWithPasskey:
    | { __typename: 'RateLimited' }
    | { __typename: 'SignedIn' }
    | { __typename: 'WrongCredentials' }
   };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { __typename: 'Query', sessionConnection: { __typename: 'SessionConnection', nodes: Array<{ __typename: 'Session', id: string, email: string, createdAt: string, expiresAt: string, idleExpiresAt: string }> }, viewer: { __typename: 'Viewer', session: { __typename: 'Session', id: string } | null } };

export type RevokeSessionMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeSessionMutation = { __typename: 'Mutation', revokeSession: boolean };

export type RequestSignInMutationVariables = Exact<{
  email: string;
}>;


export type RequestSignInMutation = { __typename: 'Mutation', requestSignIn: boolean };

export type SignInMutationVariables = Exact<{
  number: string;
}>;


export type SignInMutation = { __typename: 'Mutation', signIn:
    | { __typename: 'RateLimited', retryAfterSeconds: number }
    | { __typename: 'SignedIn' }
    | { __typename: 'WrongCredentials' }
   };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { __typename: 'Mutation', signOut: boolean };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', scope: ApiKeyScope } };

export type SystemStatusQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemStatusQuery = { __typename: 'Query', system: { __typename: 'System', environment: Environment, startedAt: string, nodeVersion: string, services: Array<{ __typename: 'ServiceStatus', name: string, ready: boolean, latencyMs: number | null, version: string | null, startedAt: string | null }>, relays: Array<{ __typename: 'Relay', host: string, port: number, circuit: RelayCircuit, since: string | null }> | null, mailQueue: { __typename: 'MailQueue', waiting: number, oldestAt: string | null, nextAttemptAt: string | null } | null, redis: Array<{ __typename: 'RedisServer', version: string, usedMemoryBytes: number | null, maxMemoryBytes: number | null, appendOnly: boolean | null, lastSaveOk: boolean | null, replicas: number | null, operationsPerSecond: number | null, uptimeSeconds: number | null }> | null, keyRing: Array<{ __typename: 'RingKey', id: string, cipher: string, newest: boolean, neededUntil: string | null }> | null, findings: Array<{ __typename: 'SystemFinding', code: string, level: FindingLevel, detail: string, fix: string }> | null } };

export type TenantListQueryVariables = Exact<{ [key: string]: never; }>;


export type TenantListQuery = { __typename: 'Query', tenants: Array<{ __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean, createdAt: string, settings: { __typename: 'TenantSettings', verification: VerificationMode, ttlSeconds: number, mail: { __typename: 'TenantMail', senderAddress: string | null } } }> };

export type TenantDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type TenantDetailsQuery = { __typename: 'Query', tenant: { __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean, createdAt: string, settings: { __typename: 'TenantSettings', version: number, verification: VerificationMode, boundDigits: number, boundTries: number, acceptedRisk: number, ttlSeconds: number, locale: string, missBudgetPerHour: number, returnUrls: Array<string>, testAddresses: Array<string>, mailsPerAddress: Array<{ __typename: 'Rate', max: number, windowSeconds: number }>, registersPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, missesPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, registersPerTenant: { __typename: 'Rate', max: number, windowSeconds: number }, mail: { __typename: 'TenantMail', senderName: string | null, senderAddress: string | null, replyTo: string | null, smtpServer: string | null, colour: string | null, logoUrl: string | null, linkTemplate: string | null, codeInSubject: boolean | null, headers: Array<{ __typename: 'TenantMailHeader', name: string, value: string }> | null, texts: Array<{ __typename: 'TenantMailText', language: string, subject: string | null, heading: string | null, intro: string | null, footer: string | null }> | null } } } | null, apiKeys: Array<{ __typename: 'ApiKey', id: string, name: string, scope: ApiKeyScope, createdAt: string, lastUsedAt: string | null, expiresAt: string | null, revokedAt: string | null, createdBy: { __typename: 'Actor', kind: ActorKind, id: string } | null }> };

export type TenantNowQueryVariables = Exact<{
  id: string | number;
}>;


export type TenantNowQuery = { __typename: 'Query', tenant: { __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean, createdAt: string, settings: { __typename: 'TenantSettings', version: number, verification: VerificationMode, boundDigits: number, boundTries: number, acceptedRisk: number, ttlSeconds: number, locale: string, missBudgetPerHour: number, returnUrls: Array<string>, testAddresses: Array<string>, mailsPerAddress: Array<{ __typename: 'Rate', max: number, windowSeconds: number }>, registersPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, missesPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, registersPerTenant: { __typename: 'Rate', max: number, windowSeconds: number }, mail: { __typename: 'TenantMail', senderName: string | null, senderAddress: string | null, replyTo: string | null, smtpServer: string | null, colour: string | null, logoUrl: string | null, linkTemplate: string | null, codeInSubject: boolean | null, headers: Array<{ __typename: 'TenantMailHeader', name: string, value: string }> | null, texts: Array<{ __typename: 'TenantMailText', language: string, subject: string | null, heading: string | null, intro: string | null, footer: string | null }> | null } } } | null };

export type TenantFactsFragment = { __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean, createdAt: string, settings: { __typename: 'TenantSettings', version: number, verification: VerificationMode, boundDigits: number, boundTries: number, acceptedRisk: number, ttlSeconds: number, locale: string, missBudgetPerHour: number, returnUrls: Array<string>, testAddresses: Array<string>, mailsPerAddress: Array<{ __typename: 'Rate', max: number, windowSeconds: number }>, registersPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, missesPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, registersPerTenant: { __typename: 'Rate', max: number, windowSeconds: number }, mail: { __typename: 'TenantMail', senderName: string | null, senderAddress: string | null, replyTo: string | null, smtpServer: string | null, colour: string | null, logoUrl: string | null, linkTemplate: string | null, codeInSubject: boolean | null, headers: Array<{ __typename: 'TenantMailHeader', name: string, value: string }> | null, texts: Array<{ __typename: 'TenantMailText', language: string, subject: string | null, heading: string | null, intro: string | null, footer: string | null }> | null } } };

export type AdminKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type AdminKeysQuery = { __typename: 'Query', apiKeys: Array<{ __typename: 'ApiKey', id: string, name: string, scope: ApiKeyScope, createdAt: string, lastUsedAt: string | null, expiresAt: string | null, revokedAt: string | null, createdBy: { __typename: 'Actor', kind: ActorKind, id: string } | null }> };

export type ApiKeyFactsFragment = { __typename: 'ApiKey', id: string, name: string, scope: ApiKeyScope, createdAt: string, lastUsedAt: string | null, expiresAt: string | null, revokedAt: string | null, createdBy: { __typename: 'Actor', kind: ActorKind, id: string } | null };

export type CheckRelayMutationVariables = Exact<{
  input: CheckRelayInput;
}>;


export type CheckRelayMutation = { __typename: 'Mutation', checkRelay: { __typename: 'CheckedRelays', relays: Array<{ __typename: 'RelayCheck', host: string, port: number, level: RelayCheckLevel, detail: string }> | null } };

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;


export type CreateTenantMutation = { __typename: 'Mutation', createTenant: { __typename: 'Tenant', id: string } };

export type UpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;


export type UpdateTenantMutation = { __typename: 'Mutation', updateTenant: { __typename: 'Tenant', id: string, name: string, status: TenantStatus, testMode: boolean, createdAt: string, settings: { __typename: 'TenantSettings', version: number, verification: VerificationMode, boundDigits: number, boundTries: number, acceptedRisk: number, ttlSeconds: number, locale: string, missBudgetPerHour: number, returnUrls: Array<string>, testAddresses: Array<string>, mailsPerAddress: Array<{ __typename: 'Rate', max: number, windowSeconds: number }>, registersPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, missesPerClientIp: { __typename: 'Rate', max: number, windowSeconds: number }, registersPerTenant: { __typename: 'Rate', max: number, windowSeconds: number }, mail: { __typename: 'TenantMail', senderName: string | null, senderAddress: string | null, replyTo: string | null, smtpServer: string | null, colour: string | null, logoUrl: string | null, linkTemplate: string | null, codeInSubject: boolean | null, headers: Array<{ __typename: 'TenantMailHeader', name: string, value: string }> | null, texts: Array<{ __typename: 'TenantMailText', language: string, subject: string | null, heading: string | null, intro: string | null, footer: string | null }> | null } } } | null };

export type DisableTenantMutationVariables = Exact<{
  id: string | number;
}>;


export type DisableTenantMutation = { __typename: 'Mutation', disableTenant: { __typename: 'Tenant', id: string } | null };

export type EnableTenantMutationVariables = Exact<{
  id: string | number;
}>;


export type EnableTenantMutation = { __typename: 'Mutation', enableTenant: { __typename: 'Tenant', id: string } | null };

export type DeleteTenantMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteTenantMutation = { __typename: 'Mutation', deleteTenant: boolean };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { __typename: 'Mutation', createApiKey: { __typename: 'CreatedApiKey', key: string } };

export type RotateApiKeyMutationVariables = Exact<{
  id: string | number;
  overlapSeconds: number;
}>;


export type RotateApiKeyMutation = { __typename: 'Mutation', rotateApiKey: { __typename: 'CreatedApiKey', key: string } | null };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string | number;
  alsoMadeByIt?: boolean;
}>;


export type RevokeApiKeyMutation = { __typename: 'Mutation', revokeApiKey: boolean };

export type TenantCountsQueryVariables = Exact<{
  filter: IdentityFilter;
  tenantId: string | number;
  from: string;
}>;


export type TenantCountsQuery = { __typename: 'Query', identities: { __typename: 'IdentityConnection', totalCount: number }, statistics: { __typename: 'Statistics', buckets: Array<{ __typename: 'StatisticsBucket', counts: Array<{ __typename: 'Count', of: Counter, count: number }> }> } };

export type WhoChangedQueryVariables = Exact<{
  tenantId: string | number;
}>;


export type WhoChangedQuery = { __typename: 'Query', events: { __typename: 'EventConnection', nodes: Array<{ __typename: 'Event', at: string, target: string | null, actor: { __typename: 'Actor', kind: ActorKind, id: string } | null, changes: Array<{ __typename: 'EventChange', field: string, after: string | null }> | null }> } };

export type WebhookFactsFragment = { __typename: 'WebhookEndpoint', id: string, tenantId: string, version: number, url: string, description: string | null, eventTypes: Array<EventType> | null, createdAt: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, previousSecretUntil: string | null };

export type WebhookListQueryVariables = Exact<{
  tenantId?: string | number | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type WebhookListQuery = { __typename: 'Query', webhookEndpointConnection: { __typename: 'WebhookEndpointConnection', nodes: Array<{ __typename: 'WebhookEndpoint', id: string, tenantId: string, version: number, url: string, description: string | null, eventTypes: Array<EventType> | null, createdAt: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, previousSecretUntil: string | null }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type WebhookStatesQueryVariables = Exact<{
  tenantId?: string | number | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type WebhookStatesQuery = { __typename: 'Query', webhookEndpointConnection: { __typename: 'WebhookEndpointConnection', nodes: Array<{ __typename: 'WebhookEndpoint', id: string, state: { __typename: 'WebhookState', waiting: number, failed: number, failingSince: string | null, lastSuccessAt: string | null } }> } };

export type WebhookDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type WebhookDetailsQuery = { __typename: 'Query', webhookEndpoint: { __typename: 'WebhookEndpoint', id: string, tenantId: string, version: number, url: string, description: string | null, eventTypes: Array<EventType> | null, createdAt: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, previousSecretUntil: string | null } | null };

export type WebhookDeliveryQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type WebhookDeliveryQuery = { __typename: 'Query', webhookEndpoint: { __typename: 'WebhookEndpoint', id: string, state: { __typename: 'WebhookState', waiting: number, failed: number, failingSince: string | null, lastSuccessAt: string | null } } | null, webhookAttempts: { __typename: 'WebhookAttemptConnection', edges: Array<{ __typename: 'WebhookAttemptEdge', cursor: string, node: { __typename: 'WebhookAttempt', eventId: string, type: string, at: string, attempt: number, outcome: WebhookOutcome, status: number | null, durationMs: number, error: string | null, nextAttemptAt: string | null } }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateWebhookMutation = { __typename: 'Mutation', createWebhookEndpoint: { __typename: 'WebhookSecret', secret: string, endpoint: { __typename: 'WebhookEndpoint', id: string } } };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateWebhookMutation = { __typename: 'Mutation', updateWebhookEndpoint: { __typename: 'UpdatedWebhookEndpoint', endpoint: { __typename: 'WebhookEndpoint', id: string, tenantId: string, version: number, url: string, description: string | null, eventTypes: Array<EventType> | null, createdAt: string, disabledAt: string | null, disabledReason: WebhookDisabledReason | null, previousSecretUntil: string | null } | null } };

export type DeleteWebhookMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteWebhookMutation = { __typename: 'Mutation', deleteWebhookEndpoint: { __typename: 'DeletedWebhookEndpoint', deleted: boolean } };

export type RotateWebhookSecretMutationVariables = Exact<{
  id: string | number;
  overlapSeconds: number;
}>;


export type RotateWebhookSecretMutation = { __typename: 'Mutation', rotateWebhookSecret: { __typename: 'RotatedWebhookSecret', secret: string | null } };

export type SendTestEventMutationVariables = Exact<{
  id: string | number;
}>;


export type SendTestEventMutation = { __typename: 'Mutation', sendTestEvent: { __typename: 'SentTestEvent', attempt: { __typename: 'WebhookAttempt', outcome: WebhookOutcome, status: number | null, durationMs: number, error: string | null } | null } };

export type ReplayWebhookEventsMutationVariables = Exact<{
  input: ReplayWebhookEventsInput;
}>;


export type ReplayWebhookEventsMutation = { __typename: 'Mutation', replayWebhookEvents: { __typename: 'ReplayedWebhookEvents', eventIds: Array<string> | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const EventDetailsFragmentDoc = new TypedDocumentString(`
    fragment EventDetails on Event {
  __typename
  cursor
  type
  at
  tenantId
  identityId
  email
  actor {
    __typename
    kind
    id
  }
  target
}
    `, {"fragmentName":"EventDetails"}) as unknown as TypedDocumentString<EventDetailsFragment, unknown>;
export const AuditedEventFragmentDoc = new TypedDocumentString(`
    fragment AuditedEvent on Event {
  __typename
  ...EventDetails
  changes {
    __typename
    field
    before
    after
  }
}
    fragment EventDetails on Event {
  __typename
  cursor
  type
  at
  tenantId
  identityId
  email
  actor {
    __typename
    kind
    id
  }
  target
}`, {"fragmentName":"AuditedEvent"}) as unknown as TypedDocumentString<AuditedEventFragment, unknown>;
export const IdentityDetailsFragmentDoc = new TypedDocumentString(`
    fragment IdentityDetails on Identity {
  __typename
  id
  email
  createdAt
  expiresAt
  tenant {
    __typename
    id
    name
  }
  message {
    __typename
    state
    attempts
    relay
    reply
    nextAttemptAt
    updatedAt
  }
}
    `, {"fragmentName":"IdentityDetails"}) as unknown as TypedDocumentString<IdentityDetailsFragment, unknown>;
export const TenantFactsFragmentDoc = new TypedDocumentString(`
    fragment TenantFacts on Tenant {
  __typename
  id
  name
  status
  testMode
  createdAt
  settings {
    __typename
    version
    verification
    boundDigits
    boundTries
    acceptedRisk
    ttlSeconds
    locale
    mailsPerAddress {
      __typename
      max
      windowSeconds
    }
    registersPerClientIp {
      __typename
      max
      windowSeconds
    }
    missesPerClientIp {
      __typename
      max
      windowSeconds
    }
    missBudgetPerHour
    registersPerTenant {
      __typename
      max
      windowSeconds
    }
    returnUrls
    testAddresses
    mail {
      __typename
      senderName
      senderAddress
      replyTo
      smtpServer
      colour
      logoUrl
      linkTemplate
      codeInSubject
      headers {
        __typename
        name
        value
      }
      texts {
        __typename
        language
        subject
        heading
        intro
        footer
      }
    }
  }
}
    `, {"fragmentName":"TenantFacts"}) as unknown as TypedDocumentString<TenantFactsFragment, unknown>;
export const ApiKeyFactsFragmentDoc = new TypedDocumentString(`
    fragment ApiKeyFacts on ApiKey {
  __typename
  id
  name
  scope
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  createdBy {
    __typename
    kind
    id
  }
}
    `, {"fragmentName":"ApiKeyFacts"}) as unknown as TypedDocumentString<ApiKeyFactsFragment, unknown>;
export const WebhookFactsFragmentDoc = new TypedDocumentString(`
    fragment WebhookFacts on WebhookEndpoint {
  __typename
  id
  tenantId
  version
  url
  description
  eventTypes
  createdAt
  disabledAt
  disabledReason
  previousSecretUntil
}
    `, {"fragmentName":"WebhookFacts"}) as unknown as TypedDocumentString<WebhookFactsFragment, unknown>;
export const SignedInAsDocument = new TypedDocumentString(`
    query SignedInAs {
  __typename
  viewer {
    __typename
    apiKeyId
    scope
    session {
      __typename
      id
      email
    }
  }
}
    `, {"hash":"sha256:6a71b6b2d8780187191bcd4767b0fc0b005eb8f992aa1b8ec9d372c04e8be2e9"}) as unknown as TypedDocumentString<SignedInAsQuery, SignedInAsQueryVariables>;
export const EnvironmentDocument = new TypedDocumentString(`
    query Environment {
  __typename
  system {
    __typename
    environment
  }
}
    `, {"hash":"sha256:98df7cf4d4977677f302906eecc6af86ae48de88f5054b56a2236726a6891ff2"}) as unknown as TypedDocumentString<EnvironmentQuery, EnvironmentQueryVariables>;
export const ReadinessDocument = new TypedDocumentString(`
    query Readiness {
  __typename
  system {
    __typename
    services {
      __typename
      name
      ready
    }
  }
}
    `, {"hash":"sha256:2c98a746e0efe1cde8de7e6d80f2ba861849be8490796d27467460d0932e1213"}) as unknown as TypedDocumentString<ReadinessQuery, ReadinessQueryVariables>;
export const EventPageDocument = new TypedDocumentString(`
    query EventPage($after: String, $tenantId: ID, $types: [EventType!], $actorId: ID, $from: DateTime, $to: DateTime) {
  __typename
  events(
    first: 100
    after: $after
    tenantId: $tenantId
    types: $types
    actorId: $actorId
    from: $from
    to: $to
  ) {
    __typename
    nodes {
      __typename
      ...AuditedEvent
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
  }
}
    fragment EventDetails on Event {
  __typename
  cursor
  type
  at
  tenantId
  identityId
  email
  actor {
    __typename
    kind
    id
  }
  target
}
fragment AuditedEvent on Event {
  __typename
  ...EventDetails
  changes {
    __typename
    field
    before
    after
  }
}`, {"hash":"sha256:51f88bb7917c4c817c4b13c2941cece6ff22f5e2fc8f9815395d76c589e72e42"}) as unknown as TypedDocumentString<EventPageQuery, EventPageQueryVariables>;
export const LiveEventsDocument = new TypedDocumentString(`
    subscription LiveEvents($after: String, $tenantId: ID, $types: [EventType!]) {
  events(after: $after, tenantId: $tenantId, types: $types) {
    __typename
    ...AuditedEvent
  }
}
    fragment EventDetails on Event {
  __typename
  cursor
  type
  at
  tenantId
  identityId
  email
  actor {
    __typename
    kind
    id
  }
  target
}
fragment AuditedEvent on Event {
  __typename
  ...EventDetails
  changes {
    __typename
    field
    before
    after
  }
}`, {"hash":"sha256:a5132868fda94baa13b6daf7d1ef2d1af13124d28bdf22eb2f81bddb894a7399"}) as unknown as TypedDocumentString<LiveEventsSubscription, LiveEventsSubscriptionVariables>;
export const IdentityPageDocument = new TypedDocumentString(`
    query IdentityPage($first: Int!, $after: String, $filter: IdentityFilter, $tenantId: ID, $isFirst: Boolean!) {
  __typename
  identities(first: $first, after: $after, filter: $filter) {
    __typename
    nodes {
      __typename
      ...IdentityDetails
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
    totalCount
    scannedCount
  }
  events(first: 20, tenantId: $tenantId) @include(if: $isFirst) {
    __typename
    nodes {
      __typename
      cursor
    }
  }
}
    fragment IdentityDetails on Identity {
  __typename
  id
  email
  createdAt
  expiresAt
  tenant {
    __typename
    id
    name
  }
  message {
    __typename
    state
    attempts
    relay
    reply
    nextAttemptAt
    updatedAt
  }
}`, {"hash":"sha256:34dbe9809388db21f93318a8c089342981bf9acacd57674dca0ccbd2270f4947"}) as unknown as TypedDocumentString<IdentityPageQuery, IdentityPageQueryVariables>;
export const OneIdentityDocument = new TypedDocumentString(`
    query OneIdentity($id: ID!) {
  __typename
  identity(id: $id) {
    __typename
    ...IdentityDetails
  }
  events(first: 50, identityId: $id) {
    __typename
    nodes {
      __typename
      ...EventDetails
      relay
      reply
      requestId
    }
    pageInfo {
      __typename
      hasNextPage
    }
  }
}
    fragment EventDetails on Event {
  __typename
  cursor
  type
  at
  tenantId
  identityId
  email
  actor {
    __typename
    kind
    id
  }
  target
}
fragment IdentityDetails on Identity {
  __typename
  id
  email
  createdAt
  expiresAt
  tenant {
    __typename
    id
    name
  }
  message {
    __typename
    state
    attempts
    relay
    reply
    nextAttemptAt
    updatedAt
  }
}`, {"hash":"sha256:620052c6d6488938df66e959093c0ab517d81ef768f56b76ea705c995f95f126"}) as unknown as TypedDocumentString<OneIdentityQuery, OneIdentityQueryVariables>;
export const EventsOfRequestDocument = new TypedDocumentString(`
    query EventsOfRequest($requestId: ID!) {
  __typename
  events(first: 10, requestId: $requestId) {
    __typename
    nodes {
      __typename
      identityId
    }
  }
}
    `, {"hash":"sha256:0a1bb00ff9556b05f6672bddea0383a9bf91bd1ed11804088dd4c6c8b0d1cc69"}) as unknown as TypedDocumentString<EventsOfRequestQuery, EventsOfRequestQueryVariables>;
export const TenantChoicesDocument = new TypedDocumentString(`
    query TenantChoices {
  __typename
  tenants {
    __typename
    id
    name
    status
    testMode
  }
}
    `, {"hash":"sha256:dbe4197ce7747177769b9db40326fd134f76e818825c215d570746a2f74630f2"}) as unknown as TypedDocumentString<TenantChoicesQuery, TenantChoicesQueryVariables>;
export const RevokeIdentityDocument = new TypedDocumentString(`
    mutation RevokeIdentity($id: ID!) {
  __typename
  revokeIdentity(id: $id)
}
    `, {"hash":"sha256:583f8542cf61b32a3e8a292a0a17115a530e55240b4c89b7ac3d20fa9802d3bb"}) as unknown as TypedDocumentString<RevokeIdentityMutation, RevokeIdentityMutationVariables>;
export const ResendMailDocument = new TypedDocumentString(`
    mutation ResendMail($id: ID!) {
  __typename
  resend(input: {identityId: $id}) {
    __typename
    ... on Registered {
      __typename
      delivery
    }
    ... on RateLimited {
      __typename
      retryAfterSeconds
    }
    ... on EmailRejected {
      __typename
      message
    }
    ... on IdentityNotFound {
      __typename
      message
    }
  }
}
    `, {"hash":"sha256:0e3414a67bbf5e4d88187c5dee4f32f37d5aa709f26b1a9ebbdaae2f78f8d19e"}) as unknown as TypedDocumentString<ResendMailMutation, ResendMailMutationVariables>;
export const MailPreviewDocument = new TypedDocumentString(`
    query MailPreview($tenantId: ID!, $locale: String, $unsaved: TenantMailInput) {
  __typename
  mailPreview(tenantId: $tenantId, locale: $locale, unsaved: $unsaved) {
    __typename
    subject
    html
    text
  }
}
    `, {"hash":"sha256:d9f0192b14f7c22c7371e3f44193806c615a7372a9154185bc08c5643a40fb5e"}) as unknown as TypedDocumentString<MailPreviewQuery, MailPreviewQueryVariables>;
export const SendTestMailDocument = new TypedDocumentString(`
    mutation SendTestMail($tenantId: ID!, $email: String!, $locale: String) {
  __typename
  sendTestMail(tenantId: $tenantId, email: $email, locale: $locale) {
    __typename
    ... on TestMail {
      __typename
      outcome
      reply
    }
    ... on RateLimited {
      __typename
      retryAfterSeconds
    }
  }
}
    `, {"hash":"sha256:ab1b57c2ba3f1bc0049ec3371063827b0310125d8a42cfaa1f9debddb4d687f7"}) as unknown as TypedDocumentString<SendTestMailMutation, SendTestMailMutationVariables>;
export const SuppressedAddressesDocument = new TypedDocumentString(`
    query SuppressedAddresses($tenantId: ID!, $first: Int!, $after: String) {
  __typename
  suppressions(tenantId: $tenantId, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      email
      reason
      suppressedAt
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
  }
}
    `, {"hash":"sha256:2dd6df246276e2496f0bf91f6d82b44b328031a867bf1adb06ad8d1fda056da7"}) as unknown as TypedDocumentString<SuppressedAddressesQuery, SuppressedAddressesQueryVariables>;
export const ClearSuppressionDocument = new TypedDocumentString(`
    mutation ClearSuppression($tenantId: ID!, $email: String!) {
  __typename
  clearSuppression(tenantId: $tenantId, email: $email)
}
    `, {"hash":"sha256:4328381d41a5386b4d4628e50de9fb8f68b2a0c5d8451ec66929a0847968fd80"}) as unknown as TypedDocumentString<ClearSuppressionMutation, ClearSuppressionMutationVariables>;
export const AddSuppressionsDocument = new TypedDocumentString(`
    mutation AddSuppressions($tenantId: ID!, $addresses: [SuppressionInput!]!) {
  __typename
  addSuppressions: suppressAddresses(
    input: {tenantId: $tenantId, addresses: $addresses}
  ) {
    __typename
    added
    known
    refused {
      __typename
      index
      message
    }
  }
}
    `, {"hash":"sha256:3471cc1933dfa8de3cf0eaf20ff955c4cb964832a367755f9c01d6eab52e4a44"}) as unknown as TypedDocumentString<AddSuppressionsMutation, AddSuppressionsMutationVariables>;
export const MessageListDocument = new TypedDocumentString(`
    query MessageList($tenantId: ID, $state: MessageState!, $reason: DeliveryReason, $first: Int!, $after: String) {
  __typename
  messages(
    tenantId: $tenantId
    state: $state
    reason: $reason
    first: $first
    after: $after
  ) {
    __typename
    nodes {
      __typename
      messageId
      identityId
      state
      attempts
      updatedAt
      nextAttemptAt
      relay
      reply
      reason
      identity {
        __typename
        id
        email
      }
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
  }
}
    `, {"hash":"sha256:407c56c43b2efa0c2985987f3d8374e73bf144497be6ed54aef6e623f483a92d"}) as unknown as TypedDocumentString<MessageListQuery, MessageListQueryVariables>;
export const RetryMessagesDocument = new TypedDocumentString(`
    mutation RetryMessages($identityIds: [ID!], $tenantId: ID) {
  __typename
  retryMessages(identityIds: $identityIds, tenantId: $tenantId)
}
    `, {"hash":"sha256:4ebec2468a7150d16b47c97455e998bc602fc93f4598c1d6ef46394d21ec9760"}) as unknown as TypedDocumentString<RetryMessagesMutation, RetryMessagesMutationVariables>;
export const DropMessageDocument = new TypedDocumentString(`
    mutation DropMessage($identityId: ID!) {
  __typename
  dropMessage(identityId: $identityId)
}
    `, {"hash":"sha256:2ce7e5c1f4a2a3a68fc2803bd816eb30f69bad08ca789e020004d10370286068"}) as unknown as TypedDocumentString<DropMessageMutation, DropMessageMutationVariables>;
export const StatisticsDocument = new TypedDocumentString(`
    query Statistics($from: DateTime!, $to: DateTime, $step: StatisticsStep!, $tenantId: ID) {
  __typename
  statistics(from: $from, to: $to, step: $step, tenantId: $tenantId) {
    __typename
    waitBoundsSeconds
    deliveryBoundsSeconds
    buckets {
      __typename
      from
      counts {
        __typename
        of
        count
      }
      waits
      deliveries
      problems {
        __typename
        event
        reason
        count
      }
    }
  }
}
    `, {"hash":"sha256:20c3905ea574a07b75d97d773b456dc7c333cbc6a20894a9329ab11df025b446"}) as unknown as TypedDocumentString<StatisticsQuery, StatisticsQueryVariables>;
export const LiveCountDocument = new TypedDocumentString(`
    query LiveCount($filter: IdentityFilter) {
  __typename
  identities(first: 1, filter: $filter) {
    __typename
    totalCount
  }
}
    `, {"hash":"sha256:ba9b9027b68669eb3de848746287f189ef0187a02c299f3f1a193330c500f7d1"}) as unknown as TypedDocumentString<LiveCountQuery, LiveCountQueryVariables>;
export const PasskeysDocument = new TypedDocumentString(`
    query Passkeys {
  __typename
  passkeyConnection(first: 200) {
    __typename
    nodes {
      __typename
      id
      email
      name
      createdAt
      lastUsedAt
    }
  }
}
    `, {"hash":"sha256:b703b2a1aec319670a0a79a8fbf900b9a036f050bb6cee60ac4b9fb12f6f55fb"}) as unknown as TypedDocumentString<PasskeysQuery, PasskeysQueryVariables>;
export const BeginAddPasskeyDocument = new TypedDocumentString(`
    mutation BeginAddPasskey {
  __typename
  beginAddPasskey
}
    `, {"hash":"sha256:9a48f6a8b37133a736cf18a6077188f1846be50c34deed23e237275d2f99f161"}) as unknown as TypedDocumentString<BeginAddPasskeyMutation, BeginAddPasskeyMutationVariables>;
export const AddPasskeyDocument = new TypedDocumentString(`
    mutation AddPasskey($name: String!, $response: String!) {
  __typename
  addPasskey(name: $name, response: $response) {
    __typename
  }
}
    `, {"hash":"sha256:3ad2d23ca7115fb4a030db5f59d0928596c302707e6aa326490ac24900f048ce"}) as unknown as TypedDocumentString<AddPasskeyMutation, AddPasskeyMutationVariables>;
export const RemovePasskeyDocument = new TypedDocumentString(`
    mutation RemovePasskey($id: ID!) {
  __typename
  removePasskey(id: $id)
}
    `, {"hash":"sha256:d34f8241a0c91ab4ef3471252d002d8fa04d3f05de5ad31693f54dbfc3078ed5"}) as unknown as TypedDocumentString<RemovePasskeyMutation, RemovePasskeyMutationVariables>;
export const BeginPasskeySignInDocument = new TypedDocumentString(`
    mutation BeginPasskeySignIn {
  __typename
  beginPasskeySignIn
}
    `, {"hash":"sha256:f6f2477d536bcfd40e579e65f0a297155beace5f963f65f2a530d32d9dc1be0e"}) as unknown as TypedDocumentString<BeginPasskeySignInMutation, BeginPasskeySignInMutationVariables>;
export const SignInWithPasskeyDocument = new TypedDocumentString(`
    mutation SignInWithPasskey($response: String!) {
  __typename
  signInWithPasskey(response: $response) {
    __typename
  }
}
    `, {"hash":"sha256:be48f586a2f8edea9f55e9e4dc7b0aee9f727376fbb1ec2e504ecc74e0b77a67"}) as unknown as TypedDocumentString<SignInWithPasskeyMutation, SignInWithPasskeyMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  __typename
  sessionConnection(first: 200) {
    __typename
    nodes {
      __typename
      id
      email
      createdAt
      expiresAt
      idleExpiresAt
    }
  }
  viewer {
    __typename
    session {
      __typename
      id
    }
  }
}
    `, {"hash":"sha256:91aaf0cf289d9211e6c669c1607f18e5349fd62fc1041423b188d5e668dfb969"}) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($id: ID!) {
  __typename
  revokeSession(id: $id)
}
    `, {"hash":"sha256:4754e7cd154297f25e68bd7182f0d1bbde4dde4d798c0e6fe1f82e6932c9367e"}) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RequestSignInDocument = new TypedDocumentString(`
    mutation RequestSignIn($email: String!) {
  __typename
  requestSignIn(email: $email)
}
    `, {"hash":"sha256:c465a3834c177917ead6303e33ad087aa2be999efeef3b0577cad0270a105449"}) as unknown as TypedDocumentString<RequestSignInMutation, RequestSignInMutationVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($number: String!) {
  __typename
  signIn(number: $number) {
    __typename
    ... on RateLimited {
      __typename
      retryAfterSeconds
    }
  }
}
    `, {"hash":"sha256:634595ec6a56cac25164c0632fd37113caa08bf202ece41fc5418fbe66b1b073"}) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  __typename
  signOut
}
    `, {"hash":"sha256:0adf48585d29d5895faec69e9b495ec3952c2841ede1313298401544fa1a6576"}) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  __typename
  viewer {
    __typename
    scope
  }
}
    `, {"hash":"sha256:995a79e82cc4868cc4908a5751d4e513426ba9bd30297b3666e81706820381e9"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const SystemStatusDocument = new TypedDocumentString(`
    query SystemStatus {
  __typename
  system {
    __typename
    environment
    startedAt
    nodeVersion
    services {
      __typename
      name
      ready
      latencyMs
      version
      startedAt
    }
    relays {
      __typename
      host
      port
      circuit
      since
    }
    mailQueue {
      __typename
      waiting
      oldestAt
      nextAttemptAt
    }
    redis {
      __typename
      version
      usedMemoryBytes
      maxMemoryBytes
      appendOnly
      lastSaveOk
      replicas
      operationsPerSecond
      uptimeSeconds
    }
    keyRing {
      __typename
      id
      cipher
      newest
      neededUntil
    }
    findings {
      __typename
      code
      level
      detail
      fix
    }
  }
}
    `, {"hash":"sha256:323db5ba0c8e21a5315b7e73caf3403ae57a17c7427440b8e056c947d347b190"}) as unknown as TypedDocumentString<SystemStatusQuery, SystemStatusQueryVariables>;
export const TenantListDocument = new TypedDocumentString(`
    query TenantList {
  __typename
  tenants {
    __typename
    id
    name
    status
    testMode
    createdAt
    settings {
      __typename
      verification
      ttlSeconds
      mail {
        __typename
        senderAddress
      }
    }
  }
}
    `, {"hash":"sha256:2fccd9ce6b32151da6a1b04b427b1c18399db4234a9cee7781ce434d7c31fb4c"}) as unknown as TypedDocumentString<TenantListQuery, TenantListQueryVariables>;
export const TenantDetailsDocument = new TypedDocumentString(`
    query TenantDetails($id: ID!) {
  __typename
  tenant(id: $id) {
    __typename
    ...TenantFacts
  }
  apiKeys(tenantId: $id) {
    __typename
    ...ApiKeyFacts
  }
}
    fragment TenantFacts on Tenant {
  __typename
  id
  name
  status
  testMode
  createdAt
  settings {
    __typename
    version
    verification
    boundDigits
    boundTries
    acceptedRisk
    ttlSeconds
    locale
    mailsPerAddress {
      __typename
      max
      windowSeconds
    }
    registersPerClientIp {
      __typename
      max
      windowSeconds
    }
    missesPerClientIp {
      __typename
      max
      windowSeconds
    }
    missBudgetPerHour
    registersPerTenant {
      __typename
      max
      windowSeconds
    }
    returnUrls
    testAddresses
    mail {
      __typename
      senderName
      senderAddress
      replyTo
      smtpServer
      colour
      logoUrl
      linkTemplate
      codeInSubject
      headers {
        __typename
        name
        value
      }
      texts {
        __typename
        language
        subject
        heading
        intro
        footer
      }
    }
  }
}
fragment ApiKeyFacts on ApiKey {
  __typename
  id
  name
  scope
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  createdBy {
    __typename
    kind
    id
  }
}`, {"hash":"sha256:a112f042350a13cdda2dedd8ed6b711e959c9709a97a654119a8419f9e13813b"}) as unknown as TypedDocumentString<TenantDetailsQuery, TenantDetailsQueryVariables>;
export const TenantNowDocument = new TypedDocumentString(`
    query TenantNow($id: ID!) {
  __typename
  tenant(id: $id) {
    __typename
    ...TenantFacts
  }
}
    fragment TenantFacts on Tenant {
  __typename
  id
  name
  status
  testMode
  createdAt
  settings {
    __typename
    version
    verification
    boundDigits
    boundTries
    acceptedRisk
    ttlSeconds
    locale
    mailsPerAddress {
      __typename
      max
      windowSeconds
    }
    registersPerClientIp {
      __typename
      max
      windowSeconds
    }
    missesPerClientIp {
      __typename
      max
      windowSeconds
    }
    missBudgetPerHour
    registersPerTenant {
      __typename
      max
      windowSeconds
    }
    returnUrls
    testAddresses
    mail {
      __typename
      senderName
      senderAddress
      replyTo
      smtpServer
      colour
      logoUrl
      linkTemplate
      codeInSubject
      headers {
        __typename
        name
        value
      }
      texts {
        __typename
        language
        subject
        heading
        intro
        footer
      }
    }
  }
}`, {"hash":"sha256:c21e8c8a280886be2db8211b38fd39a80be8bb9eee8c32ab9ba69c8cc1e77bc3"}) as unknown as TypedDocumentString<TenantNowQuery, TenantNowQueryVariables>;
export const AdminKeysDocument = new TypedDocumentString(`
    query AdminKeys {
  __typename
  apiKeys {
    __typename
    ...ApiKeyFacts
  }
}
    fragment ApiKeyFacts on ApiKey {
  __typename
  id
  name
  scope
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  createdBy {
    __typename
    kind
    id
  }
}`, {"hash":"sha256:daef502cb84fa16e0cc41cfe7b03fca0ea776f63f8c6f9dc79ba4ad4b14d903c"}) as unknown as TypedDocumentString<AdminKeysQuery, AdminKeysQueryVariables>;
export const CheckRelayDocument = new TypedDocumentString(`
    mutation CheckRelay($input: CheckRelayInput!) {
  __typename
  checkRelay(input: $input) {
    __typename
    relays {
      __typename
      host
      port
      level
      detail
    }
  }
}
    `, {"hash":"sha256:4bdf9dedf4645536c7adcae722173ea983334a1c250f1e67bb9688d912959887"}) as unknown as TypedDocumentString<CheckRelayMutation, CheckRelayMutationVariables>;
export const CreateTenantDocument = new TypedDocumentString(`
    mutation CreateTenant($input: CreateTenantInput!) {
  __typename
  createTenant(input: $input) {
    __typename
    id
  }
}
    `, {"hash":"sha256:2321a7eeb1f579172ee9284bd51df2f323ea00fb4cb1802e5318d9213dd70386"}) as unknown as TypedDocumentString<CreateTenantMutation, CreateTenantMutationVariables>;
export const UpdateTenantDocument = new TypedDocumentString(`
    mutation UpdateTenant($input: UpdateTenantInput!) {
  __typename
  updateTenant(input: $input) {
    __typename
    ...TenantFacts
  }
}
    fragment TenantFacts on Tenant {
  __typename
  id
  name
  status
  testMode
  createdAt
  settings {
    __typename
    version
    verification
    boundDigits
    boundTries
    acceptedRisk
    ttlSeconds
    locale
    mailsPerAddress {
      __typename
      max
      windowSeconds
    }
    registersPerClientIp {
      __typename
      max
      windowSeconds
    }
    missesPerClientIp {
      __typename
      max
      windowSeconds
    }
    missBudgetPerHour
    registersPerTenant {
      __typename
      max
      windowSeconds
    }
    returnUrls
    testAddresses
    mail {
      __typename
      senderName
      senderAddress
      replyTo
      smtpServer
      colour
      logoUrl
      linkTemplate
      codeInSubject
      headers {
        __typename
        name
        value
      }
      texts {
        __typename
        language
        subject
        heading
        intro
        footer
      }
    }
  }
}`, {"hash":"sha256:64d3f8411f026baf18bc56fc5109af04243f1417cf75d875c20ebc2099c48047"}) as unknown as TypedDocumentString<UpdateTenantMutation, UpdateTenantMutationVariables>;
export const DisableTenantDocument = new TypedDocumentString(`
    mutation DisableTenant($id: ID!) {
  __typename
  disableTenant(id: $id) {
    __typename
    id
  }
}
    `, {"hash":"sha256:6380da5a64c9a2bb0224c23811875525607b05b6316e961911b0b8b1d08968df"}) as unknown as TypedDocumentString<DisableTenantMutation, DisableTenantMutationVariables>;
export const EnableTenantDocument = new TypedDocumentString(`
    mutation EnableTenant($id: ID!) {
  __typename
  enableTenant(id: $id) {
    __typename
    id
  }
}
    `, {"hash":"sha256:7aa02dbff3997e52358eb19a43563d43c8dfba624f31e80979c1352b8c854d87"}) as unknown as TypedDocumentString<EnableTenantMutation, EnableTenantMutationVariables>;
export const DeleteTenantDocument = new TypedDocumentString(`
    mutation DeleteTenant($id: ID!) {
  __typename
  deleteTenant(id: $id)
}
    `, {"hash":"sha256:6ee9dc0583d6bc3f65f3a53731d2bf9bf93fff1beda03fe9eded4894037c6471"}) as unknown as TypedDocumentString<DeleteTenantMutation, DeleteTenantMutationVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  __typename
  createApiKey(input: $input) {
    __typename
    key
  }
}
    `, {"hash":"sha256:083b8ae8cb6b00d863c6d1ff01996a21ce7b03ab2c1a57a247d75473e58cbdb1"}) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RotateApiKeyDocument = new TypedDocumentString(`
    mutation RotateApiKey($id: ID!, $overlapSeconds: Int!) {
  __typename
  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {
    __typename
    key
  }
}
    `, {"hash":"sha256:7bca2a8afead34e7f0c08bf1ffa28bae4fbaa9e3af878221c0006c72cb4cb2d5"}) as unknown as TypedDocumentString<RotateApiKeyMutation, RotateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!, $alsoMadeByIt: Boolean! = false) {
  __typename
  revokeApiKey(id: $id, alsoMadeByIt: $alsoMadeByIt)
}
    `, {"hash":"sha256:c0d20cbc2082242faad2e6e6d2777a48007ee1ce7549db7734ac3e98056091f2"}) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const TenantCountsDocument = new TypedDocumentString(`
    query TenantCounts($filter: IdentityFilter!, $tenantId: ID!, $from: DateTime!) {
  __typename
  identities(first: 1, filter: $filter) {
    __typename
    totalCount
  }
  statistics(from: $from, step: HOUR, tenantId: $tenantId) {
    __typename
    buckets {
      __typename
      counts {
        __typename
        of
        count
      }
    }
  }
}
    `, {"hash":"sha256:cf456c6d104c7407859ef4475b8b2dcbe27e8578656094186edf4d4593f517f3"}) as unknown as TypedDocumentString<TenantCountsQuery, TenantCountsQueryVariables>;
export const WhoChangedDocument = new TypedDocumentString(`
    query WhoChanged($tenantId: ID!) {
  __typename
  events(
    first: 50
    tenantId: $tenantId
    types: [TENANT_UPDATED, WEBHOOK_UPDATED, WEBHOOK_SECRET_ROTATED, WEBHOOK_DISABLED]
  ) {
    __typename
    nodes {
      __typename
      at
      target
      actor {
        __typename
        kind
        id
      }
      changes {
        __typename
        field
        after
      }
    }
  }
}
    `, {"hash":"sha256:daab41a6de393941e9acabd5576841af9ac8e8c6a032b3770f0b43e14ea1c37c"}) as unknown as TypedDocumentString<WhoChangedQuery, WhoChangedQueryVariables>;
export const WebhookListDocument = new TypedDocumentString(`
    query WebhookList($tenantId: ID, $first: Int!, $after: String) {
  __typename
  webhookEndpointConnection(tenantId: $tenantId, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      ...WebhookFacts
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
  }
}
    fragment WebhookFacts on WebhookEndpoint {
  __typename
  id
  tenantId
  version
  url
  description
  eventTypes
  createdAt
  disabledAt
  disabledReason
  previousSecretUntil
}`, {"hash":"sha256:5d82a9262d03b1df8eb09de43b2f2526f678ae545ec1576a5dc5deba47157f1b"}) as unknown as TypedDocumentString<WebhookListQuery, WebhookListQueryVariables>;
export const WebhookStatesDocument = new TypedDocumentString(`
    query WebhookStates($tenantId: ID, $first: Int!, $after: String) {
  __typename
  webhookEndpointConnection(tenantId: $tenantId, first: $first, after: $after) {
    __typename
    nodes {
      __typename
      id
      state {
        __typename
        waiting
        failed
        failingSince
        lastSuccessAt
      }
    }
  }
}
    `, {"hash":"sha256:2e0a54817bf9b8827db556200e6eef50f964638c07ac01bee45a653cd965ff8c"}) as unknown as TypedDocumentString<WebhookStatesQuery, WebhookStatesQueryVariables>;
export const WebhookDetailsDocument = new TypedDocumentString(`
    query WebhookDetails($id: ID!) {
  __typename
  webhookEndpoint(id: $id) {
    __typename
    ...WebhookFacts
  }
}
    fragment WebhookFacts on WebhookEndpoint {
  __typename
  id
  tenantId
  version
  url
  description
  eventTypes
  createdAt
  disabledAt
  disabledReason
  previousSecretUntil
}`, {"hash":"sha256:0d3145e5979adc0874cb5ce5d326e55efbd601e665aa8ee5b85b31cfc005f4ae"}) as unknown as TypedDocumentString<WebhookDetailsQuery, WebhookDetailsQueryVariables>;
export const WebhookDeliveryDocument = new TypedDocumentString(`
    query WebhookDelivery($id: ID!, $first: Int!, $after: String) {
  __typename
  webhookEndpoint(id: $id) {
    __typename
    id
    state {
      __typename
      waiting
      failed
      failingSince
      lastSuccessAt
    }
  }
  webhookAttempts(endpointId: $id, first: $first, after: $after) {
    __typename
    edges {
      __typename
      cursor
      node {
        __typename
        eventId
        type
        at
        attempt
        outcome
        status
        durationMs
        error
        nextAttemptAt
      }
    }
    pageInfo {
      __typename
      endCursor
      hasNextPage
    }
  }
}
    `, {"hash":"sha256:6749d9025d28cde9a49024b1b0f82674adbfadf44a579d9950d2aaa604929a24"}) as unknown as TypedDocumentString<WebhookDeliveryQuery, WebhookDeliveryQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookEndpointInput!) {
  __typename
  createWebhookEndpoint(input: $input) {
    __typename
    secret
    endpoint {
      __typename
      id
    }
  }
}
    `, {"hash":"sha256:66bea1e0c09bbe232a32fe0f09f2d8579422dbe83b326840f98753ebdfb65bbb"}) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookEndpointInput!) {
  __typename
  updateWebhookEndpoint(input: $input) {
    __typename
    endpoint {
      __typename
      ...WebhookFacts
    }
  }
}
    fragment WebhookFacts on WebhookEndpoint {
  __typename
  id
  tenantId
  version
  url
  description
  eventTypes
  createdAt
  disabledAt
  disabledReason
  previousSecretUntil
}`, {"hash":"sha256:27d10816bb57a606973bed49950d6e3e8a4cbe14fb0fbda5df038810c622e784"}) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($id: ID!) {
  __typename
  deleteWebhookEndpoint(input: {id: $id}) {
    __typename
    deleted
  }
}
    `, {"hash":"sha256:866ba2f93a79f374ee8e064084752888e9c224be88e52669911d6cb8809c5730"}) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($id: ID!, $overlapSeconds: Int!) {
  __typename
  rotateWebhookSecret(input: {id: $id, overlapSeconds: $overlapSeconds}) {
    __typename
    secret
  }
}
    `, {"hash":"sha256:5f1f2d3dbcf63a2a3ac6d0c9f10c9a6b1584fed957e2a93bf26a9ee5f32ac61f"}) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const SendTestEventDocument = new TypedDocumentString(`
    mutation SendTestEvent($id: ID!) {
  __typename
  sendTestEvent(input: {endpointId: $id}) {
    __typename
    attempt {
      __typename
      outcome
      status
      durationMs
      error
    }
  }
}
    `, {"hash":"sha256:7b582cc20dd4e39dc7e8427b010e6d40cde3c10a286d006082956a7bb64b96fa"}) as unknown as TypedDocumentString<SendTestEventMutation, SendTestEventMutationVariables>;
export const ReplayWebhookEventsDocument = new TypedDocumentString(`
    mutation ReplayWebhookEvents($input: ReplayWebhookEventsInput!) {
  __typename
  replayWebhookEvents(input: $input) {
    __typename
    eventIds
  }
}
    `, {"hash":"sha256:6cb5d54d1d298dbd3923c8b60b88c021883f3d1efa68975d999827908a56487a"}) as unknown as TypedDocumentString<ReplayWebhookEventsMutation, ReplayWebhookEventsMutationVariables>;