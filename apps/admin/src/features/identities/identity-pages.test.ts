import { expect, test } from 'vitest'
import type { IdentityPageQuery } from '../../generated/graphql.ts'
import { firstPage, withPage } from './identity-pages.ts'

function pageOf(ids: readonly string[], shape: { next?: string; scanned?: number; events?: string[] } = {}) {
  return {
    __typename: 'Query',
    identities: {
      totalCount: 7,
      scannedCount: shape.scanned ?? null,
      nodes: ids.map((id) => ({ id, message: null })),
      pageInfo: { endCursor: shape.next ?? 'last', hasNextPage: shape.next !== undefined },
    },
    ...(shape.events === undefined ? {} : { events: { nodes: shape.events.map((cursor) => ({ cursor })) } }),
  } as unknown as IdentityPageQuery
}
const idsOf = ({ rows }: ReturnType<typeof firstPage>) => rows.map(({ identity }) => identity.id)

test('events are counted to the newest one, and followed from the oldest one or from where a list followed', () => {
  const first = firstPage('q', pageOf(['a'], { events: ['9', '8', '3'] }), undefined)
  expect(first).toMatchObject({ question: 'q', total: 7, countedTo: '9', followAfter: '3' })
  expect(first).toMatchObject({ endCursor: undefined, scanned: undefined })
  expect(firstPage('r', pageOf(['b'], { events: ['12', '10'] }), first)).toMatchObject({
    question: 'r',
    countedTo: '12',
    followAfter: '3',
  })
  expect(firstPage('q', pageOf([]), undefined)).toMatchObject({ countedTo: '0', followAfter: '0' })
})

test('the next page comes behind the rows, without what the list held, and adds to what was searched', () => {
  const first = firstPage('q', pageOf(['a', 'b'], { next: '2', scanned: 100, events: ['9'] }), undefined)
  const both = withPage(first, new Set(['a', 'b']), pageOf(['b', 'c'], { next: '4', scanned: 50 }).identities)
  expect(idsOf(both)).toEqual(['a', 'b', 'c'])
  expect(both).toMatchObject({ endCursor: '4', scanned: 150, countedTo: '9', total: 7 })
  expect(withPage(first, new Set(), pageOf(['d']).identities)).toMatchObject({
    endCursor: undefined,
    scanned: undefined,
  })
})
