import { expect, test } from 'vitest'
import { changed, readView, writeView } from './view.ts'

test.each(['', 'tenant=demo', 'kind=mail', 'tenant=demo&kind=MISSED&range=month&after=0'])(
  'the URL %j is what its view writes',
  (url) => {
    expect(writeView(readView(new URLSearchParams(url))).toString()).toBe(url)
  },
)

test('what makes no sense in a URL is left out', () => {
  const url = `kind=nonsense&range=century&tenant=%20&after=${'x'.repeat(500)}&more=1`
  expect(readView(new URLSearchParams(url))).toEqual({ range: 'day' })
})

test('a change takes away what it makes undefined', () => {
  const view = readView(new URLSearchParams('tenant=demo&kind=mail&after=0'))
  expect(changed(view, { kind: undefined, after: undefined })).toEqual({ range: 'day', tenantId: 'demo' })
})
