import { expect, test } from 'vitest'
import { findChoices } from './find-choices.ts'

const tenants = Array.from({ length: 150 }, (_, at) => ({ id: `shop-${at}`, name: `Shop ${at}` }))

test('a hundred tenants are listed, and the others are found by a part of their name or id', () => {
  expect(findChoices(tenants, '')).toEqual(tenants.slice(0, 100))
  expect(findChoices(tenants, ' SHOP 14')).toEqual([tenants[14], ...tenants.slice(140)])
  expect(findChoices(tenants, 'shop-149')).toEqual([tenants[149]])
  expect(findChoices(tenants, 'bank')).toEqual([])
})
