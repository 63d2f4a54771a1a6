import { expect, test } from 'vitest'
import { apiKeyCreateRequest } from './api-keys.ts'
import { mailSettings } from './mail-settings.ts'
import { tenantCreateRequest } from './tenants.ts'

const takes = (name: string) => [
  tenantCreateRequest.safeParse({ id: 'demo', name }).success,
  apiKeyCreateRequest.safeParse({ scope: 'admin', name }).success,
  apiKeyCreateRequest.safeParse({ scope: 'tenant', tenantId: 'demo', name }).success,
  mailSettings.safeParse({ senderName: name }).success,
]

test.each([
  ['a turn of direction', 'shop\u202egro.live'],
  ['an isolate', 'shop\u2066x\u2069'],
  ['a line break', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a terminal sequence', 'a\u001b[2Jb'],
  ['a C1 control', 'a\u009bb'],
  ['a zero-width space', 'a\u200bb'],
  ['a byte order mark', 'a\ufeffb'],
  ['half a surrogate', 'a\ud800b'],
  ['nothing that is seen', '\u200d\u200d'],
  ['only blank letters', '\u3164\u2800'],
  ['81 characters', 'x'.repeat(81)],
  ['spaces', '   '],
])('no name may hold %s', (_what, name) => expect(takes(name)).toEqual([false, false, false, false]))

test.each(['Ada & Söhne', 'می‌خواهم', '👩‍💻 shop', 'متجر', '商店', 'a'])('%s is a name', (name) =>
  expect(takes(name)).toEqual([true, true, true, true]),
)
