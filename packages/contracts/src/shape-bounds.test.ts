import { expect, test } from 'vitest'
import type { z } from 'zod'
import { apiKeyListQuery, apiKeyRotateRequest, authenticateRequest } from './api-keys.ts'
import { actor, deliveryReport, event, eventChange, eventListQuery, mailAct } from './events.ts'
import { exchangeRequest, returnUrl } from './hosted-page.ts'
import { identityListQuery } from './identities.ts'
import { mailHook } from './mail-hooks.ts'
import { mailSettings } from './mail-settings.ts'
import { bounceRequest, messageRequest } from './messages.ts'
import { outcome } from './outcomes.ts'
import { passkeyCredential, passkeyListQuery } from './passkeys.ts'
import { previewRequest } from './previews.ts'
import { redisServer } from './redis-servers.ts'
import { registrationRequest } from './registrations.ts'
import { sessionAuthenticateRequest, sessionCreateRequest } from './sessions.ts'
import { signInFinish, signInRequest } from './sign-ins.ts'
import { suppressionAddRequest, suppressionName } from './suppressions.ts'
import { tenantUpdateRequest } from './tenant-updates.ts'
import { tenantListQuery, tenantSettingsPatch } from './tenants.ts'
import { testAddressPattern } from './test-mode.ts'
import { verificationRequest } from './verifications.ts'
import { webhookPageQuery, webhookRotateRequest } from './webhooks.ts'

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
  ['the rates of an address', settings.mailsPerAddress, 1, 3, rates],
  ['the reserved addresses', settings.testAddresses, 1, 10, listOf('a@example.com')],
  ['the URLs to return to', settings.returnUrls, 0, 20, listOf('https://example.com/')],
])('%s has its bounds', (_, shape, least, most, make = text) => {
  for (const size of [least, most]) expect(shape.safeParse(make(size)).error?.issues ?? []).toEqual([])
  expect(shape.safeParse(make(most + 1)).success).toBe(false)
  if (least > 0) expect(shape.safeParse(make(least - 1)).success).toBe(false)
})

test('an old key and an old secret work for a day more, where nobody says how long', () => {
  expect(apiKeyRotateRequest.parse({})).toEqual({ overlapSeconds: 86_400 })
  expect(webhookRotateRequest.parse({})).toEqual({ overlapSeconds: 86_400 })
})
