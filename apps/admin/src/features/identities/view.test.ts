import { expect, test } from 'vitest'
import { changed, readView, toFilter, writeView } from './view.ts'

const read = (search: string) => readView(new URLSearchParams(search))

test('a view survives its URL', () => {
  const view = { email: 'ada+1@example.com', tenantId: 'demo', delivery: 'QUEUED', open: 'demo.x' } as const
  expect(readView(writeView(view))).toEqual(view)
  expect(writeView({}).toString()).toBe('')
})

test('a URL that somebody wrote by hand does no harm', () => {
  expect(read('delivery=LOST&email=%20%20&open=')).toEqual({})
  expect(read(`email=${'x'.repeat(401)}`)).toEqual({})
})

test('a change takes a filter away and keeps the others', () => {
  expect(changed({ email: 'a@b', tenantId: 'demo' }, { email: undefined })).toEqual({ tenantId: 'demo' })
})

test('what is open is no filter', () => {
  expect(toFilter({ open: 'demo.x' })).toBeUndefined()
  expect(toFilter({ email: 'a@b', delivery: 'SENT' })).toEqual({ email: 'a@b', delivery: 'SENT' })
})
