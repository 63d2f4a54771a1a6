import { expect, test } from 'vitest'
import { pageWithRows } from './page-with-rows.ts'

/** A list that is empty before its page `full`. Cursors count the pages. */
function list(full: number, pages = Number.POSITIVE_INFINITY) {
  const asked: (string | undefined)[] = []
  const ask = async (after: string | undefined) => {
    asked.push(after)
    const at = Number(after ?? 0) + 1
    return {
      nodes: at === full ? ['row'] : [],
      pageInfo: { hasNextPage: at < pages, endCursor: String(at) },
    }
  }
  return { asked, ask }
}

test('empty pages are passed over until one has rows', async () => {
  const { asked, ask } = list(3)
  expect((await pageWithRows(ask, undefined)).nodes).toEqual(['row'])
  expect(asked).toEqual([undefined, '1', '2'])
})

test('twenty pages are asked for in a row, and the last one says where to go on', async () => {
  const { asked, ask } = list(1000)
  const { nodes, pageInfo } = await pageWithRows(ask, '5')
  expect([nodes, pageInfo]).toEqual([[], { hasNextPage: true, endCursor: '25' }])
  expect(asked).toHaveLength(20)
})

test('the search ends with the list', async () => {
  const { asked, ask } = list(1000, 2)
  expect((await pageWithRows(ask, undefined)).nodes).toEqual([])
  expect(asked).toHaveLength(2)
})
