import { expect, test } from 'vitest'
import { nameOf, ownerOf } from './owner.ts'

test('all keys of a tenant count together, those of admins and sessions each for itself', () => {
  const own = (apiKeyId: string) => nameOf(ownerOf({ scope: 'tenant', tenantId: 'demo', apiKeyId }))
  expect(own('a')).toEqual(own('b'))
  expect(own('a')).not.toEqual(nameOf(ownerOf({ scope: 'tenant', tenantId: 'other', apiKeyId: 'a' })))
  const admin = (apiKeyId: string) => nameOf(ownerOf({ scope: 'admin', apiKeyId }))
  expect(admin('a')).not.toEqual(admin('b'))
  // No tenant can take the id of an admin's key to use up what is the admin's.
  expect(admin('demo')).not.toEqual(own('a'))
})
