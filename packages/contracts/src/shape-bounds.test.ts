import { expect, test } from 'vitest'
import type { z } from 'zod'
import { apiKeyListQuery, apiKeyRotateRequest, authenticateRequest } from './api-keys.ts'
import { actor, deliveryReport, event, eventChange, eventListQuery, mailAct } from './events.ts'
import { exchangeRequest, returnUrl } from './hosted-page.ts'
import { identityListQuery } from './identities.ts'
import { mailHook } from './mail-hooks.ts'
import { mailSettings } from './mail-settings.ts'
import { bounceRequest, messageBatchRequest, messageRequest, messageRetryRequest } from './messages.ts'
import { outcome, outcomeAcknowledgement } from './outcomes.ts'
import { passkeyCredential, passkeyListQuery, passkeyRemoveQuery } from './passkeys.ts'
import { previewRequest } from './previews.ts'
import { problem } from './problems.ts'
import { redisServer } from './redis-servers.ts'
import { registrationBatchRequest, registrationRequest } from './registrations.ts'
import { sessionAuthenticateRequest, sessionCreateRequest, sessionListQuery } from './sessions.ts'
import { signInFinish, signInNumber, signInRequest } from './sign-ins.ts'
import { suppressionAddRequest, suppressionName } from './suppressions.ts'
import { tenantUpdateRequest } from './tenant-updates.ts'
import { tenantListQuery, tenantSettings, tenantSettingsPatch } from './tenants.ts'
import { testAddressPattern } from './test-mode.ts'
import { verificationBatchRequest, verificationRequest } from './verifications.ts'
import { webhookAttempt, webhookFailuresAcknowledgement, webhookStatesRequest } from './webhook-deliveries.ts'
import {
  outboxEvent,
  webhookCreateRequest,
  webhookEventType,
  webhookPageQuery,
  webhookRotateRequest,
  webhookVersion,
} from './webhooks.ts'

// Bounds of single fields: of a text its length, of a list its entries. Those of whole calls are in
// limits.test.ts.

const text = (length: number) => 'a'.repeat(length)
const url = (length: number) => 'https://example.com/'.padEnd(length, 'a')
const address = (length: number) => '@example.com'.padStart(length, 'a')
const rates = (count: number) => Array.from({ length: count }, () => ({ max: 1, windowSeconds: 1 }))
const listOf = (entry: unknown) => (count: number) => Array(count).fill(entry)
const settings = tenantSettingsPatch.shape
const headers = mailHook.shape.headers
const transports = passkeyCredential.shape.transports
const change = { field: 'name', before: null, after: null }
const identity = `demo.${text(23)}`
const endpoint = `demo.wh_${text(16)}`
const listItem = '0123456789abcdef'
/** A moment may have any number of fractional digits, so that a position may be of any length. */
const position = (length: number) =>
  `2026-11-20T10:00:00.${'0'.repeat(length - 22 - listItem.length)}Z ${listItem}`
const relayUrl = (length: number) => 'smtp://'.padEnd(length, 'a')
const registration = { tenantId: 'demo', requestId: 'r', email: 'a@example.com', token: 't' }
const verification = { tenantId: 'demo', requestId: 'r', number: '123456' }
const mail = {
  messageId: 'm',
  identityId: identity,
  tenantId: 'demo',
  tenantName: 'Demo',
  email: 'a@example.com',
  number: '123456',
  locale: null,
  expiresAt: '2026-11-20T10:00:00.000Z',
}
const sent = { identityId: identity, messageId: 'm', state: 'sent' }
const failure = { id: endpoint, version: 1 }
const { eventTypes } = webhookCreateRequest.shape
const newSuppression = suppressionAddRequest.shape.addresses.element.shape

test.each<[string, z.ZodType, number, number, ((size: number) => unknown)?]>([
  ['who did something', actor.shape.id, 0, 400],
  ['what an act is about', mailAct.shape.target, 0, 200],
  ['whose events are wanted', eventListQuery.shape.actorId, 1, 400],
  ['the message of a report', deliveryReport.shape.messageId, 1, 120],
  ['the message of an outcome', outcome.shape.messageId, 1, 120],
  ['the id of a message', messageRequest.shape.messageId, 1, 120],
  ['who asks, in a mail', messageRequest.shape.tenantName, 0, 1000],
  ['who asks, in a preview', previewRequest.shape.tenantName, 0, 1000],
  ['the message of a bounce', bounceRequest.shape.messageId, 3, 400],
  ['the reason of a bounce', bounceRequest.shape.reason, 0, 1000],
  ['an address that is suppressed', suppressionName.shape.email, 1, 1000],
  ['why an address is suppressed', newSuppression.reason, 0, 1000],
  ['the identity of an exchange', exchangeRequest.shape.identityId, 0, 100],
  ['the result of an exchange', exchangeRequest.shape.result, 0, 256],
  ['a typed number', verificationRequest.shape.number, 0, 256],
  ['a typed number of an admin', signInFinish.shape.number, 0, 256],
  ['the identity of a number', verificationRequest.shape.identityId, 0, 100],
  ['the address of a number', verificationRequest.shape.email, 0, 1280],
  ['the address of a registration', registrationRequest.shape.email, 0, 1280],
  ['where a list of identities goes on', identityListQuery.shape.after, 0, 200],
  ['where a list of webhooks goes on', webhookPageQuery.shape.after, 0, 200],
  ['the network of a client', signInRequest.shape.network, 1, 60],
  ['the address of an admin', signInRequest.shape.email, 3, 320],
  ['the address of an admin with a number', signInFinish.shape.email, 3, 320],
  ['the address of a session', sessionCreateRequest.shape.email, 3, 320],
  ['the address of passkeys', passkeyListQuery.shape.email, 3, 320],
  ['the admin who keeps a passkey', passkeyRemoveQuery.shape.keepOneOf, 3, 320],
  ['the digest of a session', sessionAuthenticateRequest.shape.secretDigest, 43, 43],
  ['the digest of an API key', authenticateRequest.shape.secretDigest, 43, 43],
  ['the version of Redis', redisServer.shape.version, 0, 40],
  ['a URL to return to', returnUrl, 0, 1000, url],
  ['the logo of mails', mailSettings.shape.logoUrl, 0, 1000, url],
  ['the sealed relay of a tenant', mailSettings.shape.sealedSmtpUrl, 1, 4000],
  ['a reserved address', testAddressPattern, 13, 254, address],
  ['a way to a passkey', transports, 0, 20, (length) => [text(length)]],
  ['the ways to a passkey', transports, 0, 10, listOf('usb')],
  ['the use of a passkey', passkeyCredential.shape.counter, 0, 4_294_967_295, Number],
  ['the name of a header', headers, 0, 200, (length) => ({ [text(length)]: '' })],
  ['the value of a header', headers, 0, 4096, (length) => ({ a: text(length) })],
  ['a page of API keys', apiKeyListQuery.shape.first, 1, 200, String],
  ['a page of tenants', tenantListQuery.shape.first, 1, 200, String],
  ['what an admin changed at once', event.shape.changes, 0, 60, listOf(change)],
  ['the name of a changed setting', eventChange.shape.field, 0, 80],
  ['the settings that are reset', tenantUpdateRequest.shape.reset, 0, 100, listOf('locale')],
  ['where a list of sessions goes on', sessionListQuery.shape.after, 39, 100, position],
  ['the relay of a tenant', mailSettings.shape.smtpUrl, 8, 1000, relayUrl],
  ['the id of a passkey at its device', passkeyCredential.shape.credentialId, 1, 1400],
  ['the key of a passkey', passkeyCredential.shape.publicKey, 1, 4000],
  ['registrations in a call', registrationBatchRequest.shape.requests, 1, 256, listOf(registration)],
  ['verifications in a call', verificationBatchRequest.shape.requests, 1, 256, listOf(verification)],
  ['mails in a call', messageBatchRequest.shape.requests, 1, 256, listOf(mail)],
  ['identities whose mails are tried now', messageRetryRequest.shape.identityIds, 1, 256, listOf(identity)],
  ['outcomes in an acknowledgement', outcomeAcknowledgement.shape.outcomes, 1, 256, listOf(sent)],
  [
    'addresses that are suppressed',
    suppressionAddRequest.shape.addresses,
    1,
    500,
    listOf({ email: 'a@b.c' }),
  ],
  ['webhooks in a query', webhookStatesRequest.shape.ids, 1, 200, listOf(endpoint)],
  ['failures of webhooks', webhookFailuresAcknowledgement.shape.failures, 1, 200, listOf(failure)],
  ['webhooks that an event is for', outboxEvent.shape.to, 1, 20, listOf(endpoint)],
  ['types of events for a webhook', eventTypes, 1, webhookEventType.options.length, listOf('sent')],
  ['the rates of an address', settings.mailsPerAddress, 1, 3, rates],
  ['the reserved addresses', settings.testAddresses, 1, 10, listOf('a@example.com')],
  ['the URLs to return to', settings.returnUrls, 0, 20, listOf('https://example.com/')],
])('%s has its bounds', (_, shape, least, most, make = text) => {
  for (const size of [least, most]) expect(shape.safeParse(make(size)).error?.issues ?? []).toEqual([])
  expect(shape.safeParse(make(most + 1)).success).toBe(false)
  if (least > 0) expect(shape.safeParse(make(least - 1)).success).toBe(false)
})

test.each<[string, z.ZodType]>([
  ['the version of settings', tenantSettings.shape.version],
  ['the version of a webhook', webhookVersion],
  ['the attempt at a webhook', webhookAttempt.shape.attempt],
  ['the mail of a number of an admin', signInNumber.shape.mail],
  ['the pause before the next try', problem.shape.retryAfterSeconds],
])('%s is at least 1', (_, shape) => {
  expect(shape.safeParse(1).success).toBe(true)
  expect(shape.safeParse(0).success).toBe(false)
})

test('an old key and an old secret work for a day more, where nobody says how long', () => {
  expect(apiKeyRotateRequest.parse({})).toEqual({ overlapSeconds: 86_400 })
  expect(webhookRotateRequest.parse({})).toEqual({ overlapSeconds: 86_400 })
})
