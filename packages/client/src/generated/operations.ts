/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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
  readonly expiresAt?: string | null | undefined;
  /** What it is for: 1 to 80 characters. */
  readonly name: string;
  /** What it may do. */
  readonly scope?: ApiKeyScope;
  /** Its tenant. Needed with TENANT, not allowed with the others. */
  readonly tenantId?: string | null | undefined;
};

/** A tenant to make. */
export type CreateTenantInput = {
  /** 2 to 40 of a-z, 0-9 and "-", beginning with a letter. It cannot be changed. */
  readonly id: string;
  /** Its name, as people read it in mails: one line, at most 80 characters. */
  readonly name: string;
  /** Its rules for numbers and mails. */
  readonly settings?: TenantSettingsInput | null | undefined;
  /** Make a test tenant. It cannot be changed later. Default: false. */
  readonly testMode?: boolean | null | undefined;
};

/** An endpoint to make. */
export type CreateWebhookEndpointInput = {
  /** What it is for: 1 to 80 characters. */
  readonly description?: string | null | undefined;
  /** Of these types only. Default: all of them. */
  readonly eventTypes?: ReadonlyArray<EventType> | null | undefined;
  /** The tenant whose events it gets. Default: the key's own; an admin must name one. */
  readonly tenantId?: string | null | undefined;
  /** An https URL without user, password or fragment. */
  readonly url: string;
};

/** An endpoint to delete. */
export type DeleteWebhookEndpointInput = {
  /** The endpoint's id. */
  readonly id: string;
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

/** What a person brought back from the hosted page. */
export type ExchangeInput = {
  /** Your own name for this call, 1 to 200 printable ASCII characters. Ask again with the same key within 60 s when the reply was lost: the answer is the same. */
  readonly idempotencyKey?: string | null | undefined;
  /** The `identityId` that `register` gave. Take it from your session with this person, not from the URL, so that a result of somebody else signs nobody in. */
  readonly identityId: string;
  /** The parameter `result` of the URL that the page returned to. */
  readonly result: string;
};

/** Which identities to list. All that is given must match. */
export type IdentityFilter = {
  /** Only those whose mail is in this state. */
  readonly delivery?: DeliveryState | null | undefined;
  /** Of addresses at exactly this domain, however it is written. It is searched for: a page reads at most 5,000 identities, and may be short or empty although more follow (`hasNextPage`). */
  readonly domain?: string | null | undefined;
  /** Of exactly this address, however its domain is written. */
  readonly email?: string | null | undefined;
  /** Registered not before this moment. */
  readonly from?: string | null | undefined;
  /** Of this tenant only. A tenant's key sees its own in any case. */
  readonly tenantId?: string | null | undefined;
  /** Registered before this moment. */
  readonly to?: string | null | undefined;
};

/** Which limit was reached. */
export type LimitKind =
  /** One end user's IPv4 address or IPv6 network (/64): its registrations, or its wrong numbers. */
  | 'CLIENT_IP'
  /** Mails to one address. */
  | 'EMAIL'
  /** The tenant's wrong numbers in an hour. `verify` goes on working when `identityId` or `email` is given; in mode BOUND when `identityId` is. */
  | 'MISS_BUDGET'
  /** The whole tenant's registrations. */
  | 'TENANT';

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

/** Names an expected outcome that is not a success. New codes may be added. */
export type ProblemCode =
  /** The mail server refused the address for good. */
  | 'EMAIL_REJECTED'
  /** No live identity has this id. */
  | 'IDENTITY_NOT_FOUND'
  /** A limit was reached; try again later. */
  | 'RATE_LIMITED'
  /** The number is not valid, or not any more. */
  | 'WRONG_CREDENTIALS';

/** At most `max` in any `windowSeconds`. */
export type RateInput = {
  /** How many are let through: 1 to 1,000; for `registersPerTenant` up to 1,000,000. */
  readonly max: number;
  /** In how many seconds: 1 to 86,400. */
  readonly windowSeconds: number;
};

/** What to keep, and where to mail the number. */
export type RegisterInput = {
  /** The end user's IPv4 or IPv6 address as you see it, for the limit on each address or network. Ports, brackets and zones are read; what is no address shares one limit. */
  readonly clientIp?: string | null | undefined;
  /** The person's address. It is trimmed, full-width characters are folded, its domain is lower-cased and put in punycode; at most 320 characters. */
  readonly email: string;
  /** How long the number is valid, in seconds: 60 to 86,400; with a test tenant in development 1 and more. Default: the tenant's, 600 unless changed. */
  readonly expiresInSeconds?: number | null | undefined;
  /** Your own name for this call, 1 to 200 printable ASCII characters. The same key within 60 s gets the same answer, and no second mail. */
  readonly idempotencyKey?: string | null | undefined;
  /** The mail's language, such as `es` or `pt-BR`. Default: the tenant's. */
  readonly locale?: string | null | undefined;
  /** Your own text, 1 to 4,096 bytes of UTF-8. It is never read, and handed back by `verify`, once. */
  readonly token: string;
};

/** Which events to send again: some by their ids, or all that were given up since a moment. */
export type ReplayWebhookEventsInput = {
  /** The endpoint's id. */
  readonly endpointId: string;
  /** Ids of 1 to 50 events, in any state. */
  readonly eventIds?: ReadonlyArray<string> | null | undefined;
  /** All that were given up since then, at most 1,000 in a call. */
  readonly failedSince?: string | null | undefined;
};

/** Whose number to mail again. */
export type ResendInput = {
  /** The `identityId` that `register` gave. */
  readonly identityId: string;
};

/** What a chance is counted for. */
export type RiskPer =
  /** That anybody's number is guessed within an hour (NUMBER). */
  | 'HOUR'
  /** That a number is guessed before it burns (BOUND). */
  | 'IDENTITY';

/** An endpoint to give a new secret. */
export type RotateWebhookSecretInput = {
  /** The endpoint's id. */
  readonly id: string;
  /** How long the secret before goes on signing: 0 to 2,592,000. 0: it was stolen. */
  readonly overlapSeconds?: number;
};

/** An endpoint to try. */
export type SendTestEventInput = {
  /** The endpoint's id. */
  readonly endpointId: string;
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
  readonly email: string;
  /** Why: at most 1,000 characters, of which 300 are kept. Default: `added by an admin`. */
  readonly reason?: string | null | undefined;
  /** Since when, as another system has it. Default: now. */
  readonly suppressedAt?: string | null | undefined;
};

/** A header of a tenant’s mails for its provider. */
export type TenantMailHeaderInput = {
  /** Begins with `X-`, or is `Feedback-ID` or `IsTransactional`. */
  readonly name: string;
  /** At most 900 printable ASCII characters. */
  readonly value: string;
};

/** What to change of mails: what is left out stays as it is, null removes a setting. */
export type TenantMailInput = {
  /** False keeps the code out of subject and preview, which lock screens and mail logs show. */
  readonly codeInSubject?: boolean | null | undefined;
  /** Accent: six hex digits, such as `#1a73e8`. */
  readonly colour?: string | null | undefined;
  /** Headers for its provider: at most 10, each name once; they replace all that were there, and outweigh those of all mails. */
  readonly headers?: ReadonlyArray<TenantMailHeaderInput> | null | undefined;
  /** Your page that the mail links to: an `https://` URL with `{number}` once, after `?` or, better, `#`. The page must ask before it verifies, because programs follow links too. */
  readonly linkTemplate?: string | null | undefined;
  /** Picture above the heading: an `https://` URL; shown 40 pixels high. */
  readonly logoUrl?: string | null | undefined;
  /** Where answers go: one address. */
  readonly replyTo?: string | null | undefined;
  /** The address they come from; the SMTP server must accept it. */
  readonly senderAddress?: string | null | undefined;
  /** Shown as the sender: one line, at most 80 characters. */
  readonly senderName?: string | null | undefined;
  /** SMTP server of its own: `smtps://user:password@host:465`, or `smtp://…` with STARTTLS. It is kept sealed and cannot be read again. Give it as a variable. */
  readonly smtpUrl?: string | null | undefined;
  /** Texts in its own words, each language once; they replace all that were there. */
  readonly texts?: ReadonlyArray<TenantMailTextInput> | null | undefined;
};

/** A mail's texts in one language, in the tenant's own words; what is left out is said in ours. */
export type TenantMailTextInput = {
  /** At most 400 characters, with `{tenant}`. */
  readonly footer?: string | null | undefined;
  /** At most 150 characters, with `{tenant}`. */
  readonly heading?: string | null | undefined;
  /** At most 400 characters, with `{tenant}` and `{valid}`, which is such as `10 minutes`. */
  readonly intro?: string | null | undefined;
  /** One of the languages that mails are written in, such as `es` or `zh-Hant`. */
  readonly language: string;
  /** At most 150 characters, with `{tenant}` and, once, `{code}`. Without `{code}` neither subject nor preview shows it. */
  readonly subject?: string | null | undefined;
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
  readonly acceptedRisk?: number | null | undefined;
  /** Digits in mode BOUND: 6 to 12. Default: 8. */
  readonly boundDigits?: number | null | undefined;
  /** Wrong tries in mode BOUND: 1 to 10. Default: 5. */
  readonly boundTries?: number | null | undefined;
  /** Language of mails, such as `es`. Default: `en`. */
  readonly locale?: string | null | undefined;
  /** How mails look and which way they go. Default: as the service is set up. */
  readonly mail?: TenantMailInput | null | undefined;
  /** Mails to one address, 1 to 3 rates. Default: 1 in 30 s, 5 in 10 min, 20 in a day. */
  readonly mailsPerAddress?: ReadonlyArray<RateInput> | null | undefined;
  /** Wrong numbers of the tenant in an hour: 10 to 100,000. Default: 1,000. */
  readonly missBudgetPerHour?: number | null | undefined;
  /** Wrong numbers of one `clientIp`. Default: 20 in 10 min. */
  readonly missesPerClientIp?: RateInput | null | undefined;
  /** Registrations of one `clientIp`. Default: 30 in 10 min. */
  readonly registersPerClientIp?: RateInput | null | undefined;
  /** Registrations of the whole tenant. Default: 100,000 in 10 min. */
  readonly registersPerTenant?: RateInput | null | undefined;
  /** Where the hosted page may return to: up to 20 whole URLs, `https://` or `http://localhost`. Default: none, and no page. */
  readonly returnUrls?: ReadonlyArray<string> | null | undefined;
  /** With `testMode`: 1 to 10 addresses, or `*` and how they end, at domains that nobody reads (`example.com`, below `.test`, `.invalid` …). Default: `*+emailauth-test@example.com`, `*@test.emailauth.invalid`. */
  readonly testAddresses?: ReadonlyArray<string> | null | undefined;
  /** How long a number is valid, in seconds: 60 to 86,400; with `testMode` in development 1 and more. Default: 600. */
  readonly ttlSeconds?: number | null | undefined;
  /** What `verify` needs. Default: NUMBER. */
  readonly verification?: VerificationMode | null | undefined;
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
  readonly id: string;
  /** The `settings.version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case. */
  readonly ifVersion?: number | null | undefined;
  /** Its name: one line, at most 80 characters. */
  readonly name?: string | null | undefined;
  /** Settings that get their defaults again; those of mails are removed. A setting that is also in `settings` is refused. */
  readonly reset?: ReadonlyArray<TenantSetting> | null | undefined;
  /** The rules to change; what is left out stays. */
  readonly settings?: TenantSettingsInput | null | undefined;
};

/** What to change of an endpoint. What is absent stays as it is. */
export type UpdateWebhookEndpointInput = {
  /** What it is for; null: nothing is said. */
  readonly description?: string | null | undefined;
  /** false: it gets no more events, and what waits is given up. true: it gets what happens from now on. */
  readonly enabled?: boolean | null | undefined;
  /** Of these types only; null: all of them. */
  readonly eventTypes?: ReadonlyArray<EventType> | null | undefined;
  /** The endpoint's id. */
  readonly id: string;
  /** The `version` that the change was made from. When it is another one by now, nothing is done: BAD_USER_INPUT with `extensions.currentVersion`. Default: the change takes effect in any case. */
  readonly ifVersion?: number | null | undefined;
  /** Another URL; it holds for what waits too. */
  readonly url?: string | null | undefined;
};

/** Whether a number alone is enough to verify. */
export type VerificationMode =
  /** `identityId` or `email` must come with the number, so it may be short. */
  | 'BOUND'
  /** The number alone is enough, so it is long. */
  | 'NUMBER';

/** The number that a person brought back. */
export type VerifyInput = {
  /** The end user's IPv4 or IPv6 address as you see it, for the limit on wrong numbers. Ports, brackets and zones are read; what is no address shares one limit. */
  readonly clientIp?: string | null | undefined;
  /** The address that the person claims. When it is given it must be the one that was mailed. */
  readonly email?: string | null | undefined;
  /** Your own name for this call, 1 to 200 printable ASCII characters. Ask again with the same key within 60 s when the reply was lost: the answer is the same. */
  readonly idempotencyKey?: string | null | undefined;
  /** The `identityId` that `register` gave; it must match when it is given. Best kept in the session that asked for the number. */
  readonly identityId?: string | null | undefined;
  /** As typed or pasted: digits of any script; spaces, dashes and other marks are ignored. */
  readonly number: string;
};

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

export type ApiKeysQueryVariables = Exact<{
  tenantId?: string | null | undefined;
}>;


export type ApiKeysQuery = { readonly apiKeys: ReadonlyArray<{ readonly id: string, readonly scope: ApiKeyScope, readonly name: string, readonly createdAt: string, readonly revokedAt: string | null, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly tenant: { readonly id: string, readonly name: string } | null, readonly createdBy: { readonly kind: ActorKind, readonly id: string } | null }> };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { readonly createApiKey: { readonly key: string, readonly apiKey: { readonly id: string, readonly scope: ApiKeyScope, readonly name: string, readonly createdAt: string, readonly revokedAt: string | null, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly tenant: { readonly id: string, readonly name: string } | null, readonly createdBy: { readonly kind: ActorKind, readonly id: string } | null } } };

export type RotateApiKeyMutationVariables = Exact<{
  id: string;
  overlapSeconds?: number | null | undefined;
}>;


export type RotateApiKeyMutation = { readonly rotateApiKey: { readonly key: string, readonly apiKey: { readonly id: string, readonly scope: ApiKeyScope, readonly name: string, readonly createdAt: string, readonly revokedAt: string | null, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly tenant: { readonly id: string, readonly name: string } | null, readonly createdBy: { readonly kind: ActorKind, readonly id: string } | null } } | null };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
  alsoMadeByIt?: boolean;
}>;


export type RevokeApiKeyMutation = { readonly revokeApiKey: boolean };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly apiKeyId: string | null, readonly scope: ApiKeyScope, readonly tenant: { readonly id: string, readonly name: string } | null } };

export type ApiKeyFragment = { readonly id: string, readonly scope: ApiKeyScope, readonly name: string, readonly createdAt: string, readonly revokedAt: string | null, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly tenant: { readonly id: string, readonly name: string } | null, readonly createdBy: { readonly kind: ActorKind, readonly id: string } | null };

export type CreatedApiKeyFragment = { readonly key: string, readonly apiKey: { readonly id: string, readonly scope: ApiKeyScope, readonly name: string, readonly createdAt: string, readonly revokedAt: string | null, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly tenant: { readonly id: string, readonly name: string } | null, readonly createdBy: { readonly kind: ActorKind, readonly id: string } | null } };

export type ViewerFragment = { readonly apiKeyId: string | null, readonly scope: ApiKeyScope, readonly tenant: { readonly id: string, readonly name: string } | null };

export type EventsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  tenantId?: string | null | undefined;
  types?: ReadonlyArray<EventType> | EventType | null | undefined;
  identityId?: string | null | undefined;
}>;


export type EventsQuery = { readonly events: { readonly nodes: ReadonlyArray<{ readonly cursor: string, readonly at: string, readonly type: EventType, readonly tenantId: string | null, readonly identityId: string | null, readonly email: string | null, readonly target: string | null, readonly relay: string | null, readonly reply: string | null, readonly reason: DeliveryReason | null, readonly requestId: string | null, readonly actor: { readonly kind: ActorKind, readonly id: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type FollowEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  tenantId?: string | null | undefined;
  types?: ReadonlyArray<EventType> | EventType | null | undefined;
}>;


export type FollowEventsSubscription = { readonly events: { readonly cursor: string, readonly at: string, readonly type: EventType, readonly tenantId: string | null, readonly identityId: string | null, readonly email: string | null, readonly target: string | null, readonly relay: string | null, readonly reply: string | null, readonly reason: DeliveryReason | null, readonly requestId: string | null, readonly actor: { readonly kind: ActorKind, readonly id: string } | null } };

export type EmailauthEventFragment = { readonly cursor: string, readonly at: string, readonly type: EventType, readonly tenantId: string | null, readonly identityId: string | null, readonly email: string | null, readonly target: string | null, readonly relay: string | null, readonly reply: string | null, readonly reason: DeliveryReason | null, readonly requestId: string | null, readonly actor: { readonly kind: ActorKind, readonly id: string } | null };

export type ActorFragment = { readonly kind: ActorKind, readonly id: string };

export type IdentitiesQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  filter?: IdentityFilter | null | undefined;
}>;


export type IdentitiesQuery = { readonly identities: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly tenant: { readonly id: string, readonly name: string }, readonly delivery: { readonly state: DeliveryState, readonly attempts: number, readonly reason: string | null, readonly relay: string | null, readonly updatedAt: string | null, readonly nextAttemptAt: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type IdentityQueryVariables = Exact<{
  id: string;
}>;


export type IdentityQuery = { readonly identity: { readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly tenant: { readonly id: string, readonly name: string }, readonly delivery: { readonly state: DeliveryState, readonly attempts: number, readonly reason: string | null, readonly relay: string | null, readonly updatedAt: string | null, readonly nextAttemptAt: string | null } } | null };

export type RevokeIdentityMutationVariables = Exact<{
  id: string;
}>;


export type RevokeIdentityMutation = { readonly revokeIdentity: boolean };

export type IdentityPageFragment = { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly tenant: { readonly id: string, readonly name: string }, readonly delivery: { readonly state: DeliveryState, readonly attempts: number, readonly reason: string | null, readonly relay: string | null, readonly updatedAt: string | null, readonly nextAttemptAt: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } };

export type IdentityFragment = { readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly tenant: { readonly id: string, readonly name: string }, readonly delivery: { readonly state: DeliveryState, readonly attempts: number, readonly reason: string | null, readonly relay: string | null, readonly updatedAt: string | null, readonly nextAttemptAt: string | null } };

export type DeliveryFragment = { readonly state: DeliveryState, readonly attempts: number, readonly reason: string | null, readonly relay: string | null, readonly updatedAt: string | null, readonly nextAttemptAt: string | null };

export type PageEndFragment = { readonly hasNextPage: boolean, readonly endCursor: string | null };

export type MessagesQueryVariables = Exact<{
  tenantId?: string | null | undefined;
  state: MessageState;
  reason?: DeliveryReason | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type MessagesQuery = { readonly messages: { readonly nodes: ReadonlyArray<{ readonly messageId: string, readonly identityId: string, readonly state: MessageState, readonly attempts: number, readonly updatedAt: string, readonly nextAttemptAt: string | null, readonly relay: string | null, readonly reply: string | null, readonly reason: DeliveryReason | null, readonly providerId: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type MessageCountsQueryVariables = Exact<{
  tenantId: string;
}>;


export type MessageCountsQuery = { readonly messageCounts: ReadonlyArray<{ readonly state: MessageState, readonly count: number }> };

export type SuppressionsQueryVariables = Exact<{
  tenantId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type SuppressionsQuery = { readonly suppressions: { readonly nodes: ReadonlyArray<{ readonly email: string, readonly reason: string, readonly suppressedAt: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type AddSuppressionsMutationVariables = Exact<{
  tenantId: string;
  addresses: ReadonlyArray<SuppressionInput> | SuppressionInput;
}>;


export type AddSuppressionsMutation = { readonly addSuppressions: { readonly added: number, readonly known: number, readonly refused: ReadonlyArray<{ readonly index: number, readonly message: string }> } };

export type ClearSuppressionMutationVariables = Exact<{
  tenantId: string;
  email: string;
}>;


export type ClearSuppressionMutation = { readonly clearSuppression: boolean };

export type MailPreviewQueryVariables = Exact<{
  tenantId: string;
  locale?: string | null | undefined;
}>;


export type MailPreviewQuery = { readonly mailPreview: { readonly subject: string, readonly html: string, readonly text: string } | null };

export type SendTestMailMutationVariables = Exact<{
  tenantId: string;
  email: string;
  locale?: string | null | undefined;
}>;


export type SendTestMailMutation = { readonly sendTestMail:
    | { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number }
    | { readonly __typename: 'TestMail', readonly outcome: TestMailOutcome, readonly reply: string }
   | null };

export type MessageFragment = { readonly messageId: string, readonly identityId: string, readonly state: MessageState, readonly attempts: number, readonly updatedAt: string, readonly nextAttemptAt: string | null, readonly relay: string | null, readonly reply: string | null, readonly reason: DeliveryReason | null, readonly providerId: string | null };

export type MessageCountFragment = { readonly state: MessageState, readonly count: number };

export type SuppressionFragment = { readonly email: string, readonly reason: string, readonly suppressedAt: string };

export type AddedSuppressionsFragment = { readonly added: number, readonly known: number, readonly refused: ReadonlyArray<{ readonly index: number, readonly message: string }> };

export type RefusedSuppressionFragment = { readonly index: number, readonly message: string };

export type MailPreviewFragment = { readonly subject: string, readonly html: string, readonly text: string };

export type TestMailFragment = { readonly __typename: 'TestMail', readonly outcome: TestMailOutcome, readonly reply: string };

export type EmailRejectedFragment = { readonly __typename: 'EmailRejected', readonly code: ProblemCode, readonly message: string };

export type RateLimitedFragment = { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number };

export type IdentityNotFoundFragment = { readonly __typename: 'IdentityNotFound', readonly code: ProblemCode, readonly message: string };

export type WrongCredentialsFragment = { readonly __typename: 'WrongCredentials', readonly code: ProblemCode, readonly message: string };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register:
    | { readonly __typename: 'EmailRejected', readonly code: ProblemCode, readonly message: string }
    | { readonly __typename: 'IdentityNotFound' }
    | { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number }
    | { readonly __typename: 'Registered', readonly identityId: string, readonly email: string, readonly expiresAt: string, readonly delivery: DeliveryState, readonly replaced: boolean }
   };

export type ResendMutationVariables = Exact<{
  input: ResendInput;
}>;


export type ResendMutation = { readonly resend:
    | { readonly __typename: 'EmailRejected', readonly code: ProblemCode, readonly message: string }
    | { readonly __typename: 'IdentityNotFound', readonly code: ProblemCode, readonly message: string }
    | { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number }
    | { readonly __typename: 'Registered', readonly identityId: string, readonly email: string, readonly expiresAt: string, readonly delivery: DeliveryState, readonly replaced: boolean }
   };

export type RegisteredFragment = { readonly __typename: 'Registered', readonly identityId: string, readonly email: string, readonly expiresAt: string, readonly delivery: DeliveryState, readonly replaced: boolean };

export type SessionPageQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type SessionPageQuery = { readonly sessionConnection: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly idleExpiresAt: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RevokeSessionMutationVariables = Exact<{
  id: string;
}>;


export type RevokeSessionMutation = { readonly revokeSession: boolean };

export type SessionFragment = { readonly id: string, readonly email: string, readonly createdAt: string, readonly expiresAt: string, readonly idleExpiresAt: string };

export type StatisticsQueryVariables = Exact<{
  from: string;
  to?: string | null | undefined;
  step?: StatisticsStep;
  tenantId?: string | null | undefined;
}>;


export type StatisticsQuery = { readonly statistics: { readonly waitBoundsSeconds: ReadonlyArray<number>, readonly deliveryBoundsSeconds: ReadonlyArray<number>, readonly buckets: ReadonlyArray<{ readonly from: string, readonly waits: ReadonlyArray<number>, readonly deliveries: ReadonlyArray<number>, readonly counts: ReadonlyArray<{ readonly of: Counter, readonly count: number }>, readonly problems: ReadonlyArray<{ readonly event: Counter, readonly reason: DeliveryReason, readonly count: number }> }> } };

export type StatisticsFragment = { readonly waitBoundsSeconds: ReadonlyArray<number>, readonly deliveryBoundsSeconds: ReadonlyArray<number>, readonly buckets: ReadonlyArray<{ readonly from: string, readonly waits: ReadonlyArray<number>, readonly deliveries: ReadonlyArray<number>, readonly counts: ReadonlyArray<{ readonly of: Counter, readonly count: number }>, readonly problems: ReadonlyArray<{ readonly event: Counter, readonly reason: DeliveryReason, readonly count: number }> }> };

export type StatisticsBucketFragment = { readonly from: string, readonly waits: ReadonlyArray<number>, readonly deliveries: ReadonlyArray<number>, readonly counts: ReadonlyArray<{ readonly of: Counter, readonly count: number }>, readonly problems: ReadonlyArray<{ readonly event: Counter, readonly reason: DeliveryReason, readonly count: number }> };

export type ProblemCountFragment = { readonly event: Counter, readonly reason: DeliveryReason, readonly count: number };

export type CountFragment = { readonly of: Counter, readonly count: number };

export type TenantsQueryVariables = Exact<{ [key: string]: never; }>;


export type TenantsQuery = { readonly tenants: ReadonlyArray<{ readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } }> };

export type TenantQueryVariables = Exact<{
  id: string;
}>;


export type TenantQuery = { readonly tenant: { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } } | null };

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;


export type CreateTenantMutation = { readonly createTenant: { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } } };

export type UpdateTenantMutationVariables = Exact<{
  input: UpdateTenantInput;
}>;


export type UpdateTenantMutation = { readonly updateTenant: { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } } | null };

export type DisableTenantMutationVariables = Exact<{
  id: string;
}>;


export type DisableTenantMutation = { readonly disableTenant: { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } } | null };

export type EnableTenantMutationVariables = Exact<{
  id: string;
}>;


export type EnableTenantMutation = { readonly enableTenant: { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } } | null };

export type DeleteTenantMutationVariables = Exact<{
  id: string;
}>;


export type DeleteTenantMutation = { readonly deleteTenant: boolean };

export type TenantFragment = { readonly id: string, readonly name: string, readonly createdAt: string, readonly status: TenantStatus, readonly testMode: boolean, readonly settings: { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } } };

export type TenantNameFragment = { readonly id: string, readonly name: string };

export type TenantSettingsFragment = { readonly version: number, readonly verification: VerificationMode, readonly ttlSeconds: number, readonly locale: string, readonly missBudgetPerHour: number, readonly boundDigits: number, readonly boundTries: number, readonly acceptedRisk: number, readonly testAddresses: ReadonlyArray<string>, readonly returnUrls: ReadonlyArray<string>, readonly mailsPerAddress: ReadonlyArray<{ readonly max: number, readonly windowSeconds: number }>, readonly registersPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly registersPerTenant: { readonly max: number, readonly windowSeconds: number }, readonly missesPerClientIp: { readonly max: number, readonly windowSeconds: number }, readonly risk: { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string }, readonly mail: { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null } };

export type TenantMailFragment = { readonly senderName: string | null, readonly senderAddress: string | null, readonly replyTo: string | null, readonly colour: string | null, readonly logoUrl: string | null, readonly linkTemplate: string | null, readonly smtpServer: string | null, readonly codeInSubject: boolean | null, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> | null, readonly texts: ReadonlyArray<{ readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null }> | null };

export type RateFragment = { readonly max: number, readonly windowSeconds: number };

export type TenantRiskFragment = { readonly chance: number, readonly per: RiskPer, readonly digits: number, readonly arithmetic: string };

export type TenantMailTextFragment = { readonly language: string, readonly subject: string | null, readonly heading: string | null, readonly intro: string | null, readonly footer: string | null };

export type TenantMailHeaderFragment = { readonly name: string, readonly value: string };

export type VerifyMutationVariables = Exact<{
  input: VerifyInput;
}>;


export type VerifyMutation = { readonly verify:
    | { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number }
    | { readonly __typename: 'Verified', readonly identityId: string, readonly email: string, readonly token: string, readonly registeredAt: string }
    | { readonly __typename: 'WrongCredentials', readonly code: ProblemCode, readonly message: string }
   };

export type ExchangeMutationVariables = Exact<{
  input: ExchangeInput;
}>;


export type ExchangeMutation = { readonly exchange:
    | { readonly __typename: 'RateLimited', readonly code: ProblemCode, readonly message: string, readonly limit: LimitKind, readonly retryAfterSeconds: number }
    | { readonly __typename: 'Verified', readonly identityId: string, readonly email: string, readonly token: string, readonly registeredAt: string }
    | { readonly __typename: 'WrongCredentials', readonly code: ProblemCode, readonly message: string }
   };

export type VerifiedFragment = { readonly __typename: 'Verified', readonly identityId: string, readonly email: string, readonly token: string, readonly registeredAt: string };

export type WebhookEndpointsQueryVariables = Exact<{
  tenantId?: string | null | undefined;
}>;


export type WebhookEndpointsQuery = { readonly webhookEndpoints: ReadonlyArray<{ readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } }> };

export type WebhookAttemptsQueryVariables = Exact<{
  endpointId: string;
  first?: number;
  after?: string | null | undefined;
}>;


export type WebhookAttemptsQuery = { readonly webhookAttempts: { readonly nodes: ReadonlyArray<{ readonly eventId: string, readonly type: string, readonly at: string, readonly attempt: number, readonly outcome: WebhookOutcome, readonly status: number | null, readonly durationMs: number, readonly error: string | null, readonly nextAttemptAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type WebhookEndpointQueryVariables = Exact<{
  id: string;
}>;


export type WebhookEndpointQuery = { readonly webhookEndpoint: { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } } | null };

export type CreateWebhookEndpointMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateWebhookEndpointMutation = { readonly createWebhookEndpoint: { readonly secret: string, readonly endpoint: { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } } } };

export type UpdateWebhookEndpointMutationVariables = Exact<{
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateWebhookEndpointMutation = { readonly updateWebhookEndpoint: { readonly endpoint: { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } } | null } };

export type DeleteWebhookEndpointMutationVariables = Exact<{
  input: DeleteWebhookEndpointInput;
}>;


export type DeleteWebhookEndpointMutation = { readonly deleteWebhookEndpoint: { readonly deleted: boolean } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { readonly rotateWebhookSecret: { readonly secret: string | null, readonly endpoint: { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } } | null } };

export type ReplayWebhookEventsMutationVariables = Exact<{
  input: ReplayWebhookEventsInput;
}>;


export type ReplayWebhookEventsMutation = { readonly replayWebhookEvents: { readonly eventIds: ReadonlyArray<string> | null } };

export type SendTestEventMutationVariables = Exact<{
  input: SendTestEventInput;
}>;


export type SendTestEventMutation = { readonly sendTestEvent: { readonly attempt: { readonly eventId: string, readonly type: string, readonly at: string, readonly attempt: number, readonly outcome: WebhookOutcome, readonly status: number | null, readonly durationMs: number, readonly error: string | null, readonly nextAttemptAt: string | null } | null } };

export type WebhookEndpointFragment = { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } };

export type WebhookStateFragment = { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null };

export type WebhookSecretFragment = { readonly secret: string, readonly endpoint: { readonly id: string, readonly tenantId: string, readonly version: number, readonly url: string, readonly description: string | null, readonly eventTypes: ReadonlyArray<EventType> | null, readonly createdAt: string, readonly updatedAt: string, readonly disabledAt: string | null, readonly disabledReason: WebhookDisabledReason | null, readonly previousSecretUntil: string | null, readonly state: { readonly waiting: number, readonly failed: number, readonly failingSince: string | null, readonly lastSuccessAt: string | null } } };

export type WebhookAttemptFragment = { readonly eventId: string, readonly type: string, readonly at: string, readonly attempt: number, readonly outcome: WebhookOutcome, readonly status: number | null, readonly durationMs: number, readonly error: string | null, readonly nextAttemptAt: string | null };
