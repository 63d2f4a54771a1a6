import { expect, test } from 'vitest'
import { inNameOrder } from './in-name-order.ts'

const namesOf = (tenants: readonly { readonly name: string }[]) => tenants.map(({ name }) => name)
const named = (name: string, id = name) => ({ id, name })

test('numbers in a name sort by their value, capitals and accents beside their letter', () => {
  const tenants = ['tenant-10', 'tenant-2', 'Zoo', 'Árbol', 'acme', 'Bank'].map((name) => named(name))
  expect(namesOf(inNameOrder(tenants, 'es'))).toEqual([
    'acme',
    'Árbol',
    'Bank',
    'tenant-2',
    'tenant-10',
    'Zoo',
  ])
})

test('tenants of one name stand by their ids, whatever order they came in', () => {
  const ids = ['shop-2', 'shop-10']
  for (const given of [ids, ids.toReversed()]) {
    const sorted = inNameOrder(
      given.map((id) => named('Shop', id)),
      'en',
    )
    expect(sorted.map(({ id }) => id)).toEqual(ids)
  }
})
