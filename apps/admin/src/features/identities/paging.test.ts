import { expect, test } from 'vitest'
import { FIRST_PAGE, NO_TRAIL, nextPage, previousPage, readTrail } from './paging.ts'

const second = nextPage(FIRST_PAGE, 'c1', '2026-11-20T12:00:00Z')
const third = nextPage(second, 'c2', '2026-11-20T11:00:00Z')

test('next goes on after the last row and remembers the way', () => {
  expect(second).toEqual({ after: 'c1', trail: { back: [null], newest: '2026-11-20T12:00:00Z' } })
  expect(third.after).toBe('c2')
  expect(third.trail.back).toEqual([null, 'c1'])
})

test('what was newest is what the first page showed, not a later one', () => {
  expect(third.trail.newest).toBe('2026-11-20T12:00:00Z')
})

test('previous goes the same way back, to the first page and not beyond', () => {
  expect(previousPage(third)).toEqual(second)
  expect(previousPage(second)).toEqual(FIRST_PAGE)
  expect(previousPage(FIRST_PAGE)).toEqual(FIRST_PAGE)
})

test('whoever came by a link goes back to the first page, also from further on', () => {
  const linked = { after: 'c7', trail: NO_TRAIL }
  expect(previousPage(linked)).toEqual(FIRST_PAGE)
  expect(previousPage(nextPage(linked, 'c8', 'x'))).toEqual({ after: 'c7', trail: NO_TRAIL })
})

test.each([null, undefined, 'x', 7, {}, { trail: {} }, { trail: { back: [1] } }, { trail: { back: 'c1' } }])(
  'the state %j holds no trail',
  (state) => {
    expect(readTrail(state)).toEqual(NO_TRAIL)
  },
)

test('a trail comes back from the history', () => {
  expect(readTrail({ trail: third.trail })).toEqual(third.trail)
})
