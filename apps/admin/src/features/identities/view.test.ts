import { expect, test } from 'vitest'
import { readView, toFilter, type View, withFilters, writeView } from './view.ts'

const read = (search: string) => readView(new URLSearchParams(search))

test('a view comes back from its URL', () => {
  const view: View = {
    email: 'ñ+x@exámple.com',
    tenantId: 'demo',
    delivery: 'QUEUED',
    after: 'a=/+b',
    open: 'id 1',
  }
  expect(read(writeView(view).toString())).toEqual(view)
  expect(writeView({}).toString()).toBe('')
})

test.each([
  ['delivery=LOST', {}],
  ['delivery=sent', {}],
  ['delivery=constructor', {}],
  ['email=&tenant=%20&after=', {}],
  [`email=${'a'.repeat(401)}`, {}],
  ['email=a%40x.org&email=b%40x.org', { email: 'a@x.org' }],
  ['email=%20a%40x.org%0D%0A', { email: 'a@x.org' }],
  ['__proto__=x&nonsense=1', {}],
])('%s reads as %j', (search, view) => {
  expect(read(search)).toEqual(view)
})

test('another filter begins at the first page and keeps the open panel', () => {
  const view: View = { email: 'a@x.org', after: 'c', open: '1' }
  expect(withFilters(view, { delivery: 'SENT' })).toEqual({ email: 'a@x.org', delivery: 'SENT', open: '1' })
  expect(withFilters(view, { email: undefined })).toEqual({ open: '1' })
  expect(withFilters(view, { email: '  ' })).toEqual({ open: '1' })
})

test('page and panel are no filters', () => {
  expect(toFilter({ after: 'c', open: '1' })).toBeUndefined()
  expect(toFilter({ tenantId: 'demo', after: 'c' })).toEqual({ tenantId: 'demo' })
})
