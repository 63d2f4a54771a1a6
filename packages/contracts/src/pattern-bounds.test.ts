import { expect, test } from 'vitest'
import type { z } from 'zod'
import { parseAddress } from './client-network.ts'
import { identityId } from './common.ts'
import { eventCursor } from './events.ts'
import { isLoopback } from './loopback.ts'
import { isMailHeader } from './mail-headers.ts'
import { messageQuery, messageRequest } from './messages.ts'
import { readReportedAddress } from './reported-address.ts'
import { suppressionQuery } from './suppressions.ts'
import { testAddressPattern } from './test-mode.ts'
import { attemptCursor } from './webhook-deliveries.ts'
import { webhookId } from './webhooks.ts'

// The longest text that a pattern takes, its length written out. One character more is refused.

const text = (length: number) => 'a'.repeat(length)
const digits = (length: number) => '1'.repeat(length)
const taken = (shape: z.ZodType) => (value: string) => shape.safeParse(value).success
const isAddress = (value: string) => parseAddress(value) !== undefined
const isReported = (value: string) => readReportedAddress(value).length > 0

test.each<[string, (value: string) => boolean, number, (length: number) => string]>([
  ['the tenant in an identity id', taken(identityId), 40, (n) => `${text(n)}.${'A'.repeat(23)}`],
  ['the tenant in the id of a webhook', taken(webhookId), 40, (n) => `${text(n)}.wh_${'0'.repeat(16)}`],
  ['the partition in a cursor', taken(eventCursor), 50, (n) => `${digits(12)}-${digits(8)}-${text(n)}`],
  ['the time in the cursor of an attempt', taken(attemptCursor), 16, (n) => `${digits(n)}-1`],
  ['the count in the cursor of an attempt', taken(attemptCursor), 20, (n) => `1-${digits(n)}`],
  ['the number of a mail', taken(messageRequest.shape.number), 32, digits],
  ['where a list of messages goes on', taken(messageQuery.shape.after), 400, text],
  ['where a list of suppressions goes on', taken(suppressionQuery.shape.after), 400, text],
  ['the name of a header', (name) => isMailHeader({ name, value: 'a' }), 76, (n) => `x-${text(n - 2)}`],
  ['a part of a reserved domain', taken(testAddressPattern), 63, (n) => `*@${text(n)}.example.com`],
  ['a part of a loopback address', isLoopback, 3, (n) => `127.0.0.${digits(n)}`],
  ['the port of an IPv4 client', isAddress, 5, (n) => `192.0.2.1:${digits(n)}`],
  ['the port of a client in brackets', isAddress, 5, (n) => `[2001:db8::1]:${digits(n)}`],
  ['an escaped character', isReported, 6, (n) => `jos\\x{${'E9'.padStart(n, '0')}}@example.com`],
])('%s has its bound', (_what, takes, most, make) => {
  expect([takes(make(most)), takes(make(most + 1))]).toEqual([true, false])
})
