import { expect, test } from 'vitest'
import { readView } from './view.ts'

const read = (search: string) => readView(new URLSearchParams(search))

test('a URL that somebody wrote by hand does no harm', () => {
  expect(read('kind=LOST&tenant=%20')).toEqual({})
  expect(read(`tenant=${'x'.repeat(41)}`)).toEqual({})
  expect(read(`actor=${'x'.repeat(401)}`)).toEqual({})
  expect(read(`actor=${'x'.repeat(400)}`)).toEqual({ actorId: 'x'.repeat(400) })
  expect(read('kind=mail&tenant=demo')).toEqual({ tenantId: 'demo', kind: 'mail' })
  expect(read('kind=VERIFIED')).toEqual({ kind: 'VERIFIED' })
})
