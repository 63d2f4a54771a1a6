import { expect, test } from 'vitest'
import { conflictRows } from './conflict.ts'
import { makersSince } from './who-changed.ts'

const base = { Name: 'Shop', Lifetime: '600', Language: 'en' }

test('the fields that either side changed, with what the form has of them', () => {
  const theirs = { ...base, Lifetime: '900', Language: 'es' }
  const yours = { ...base, Lifetime: '300', Name: 'My shop' }
  expect(conflictRows(base, theirs, yours)).toEqual([
    { label: 'Name', theirs: 'Shop', yours: 'My shop' },
    { label: 'Lifetime', theirs: '900', yours: '300' },
    { label: 'Language', theirs: 'es', yours: undefined },
  ])
})

test('what both sides changed alike, or one of them alone, is no conflict', () => {
  const mine = { ...base, Name: 'My shop' }
  for (const theirs of [base, mine, { ...mine, Language: 'es' }, { ...base, Lifetime: '900' }])
    expect(conflictRows(base, theirs, mine)).toEqual([])
})

test('a field may come and go', () => {
  const { Language: _, ...less } = base
  expect(conflictRows(base, less, { ...base, Language: 'es', Spanish: 'Hola' })).toEqual([
    { label: 'Language', theirs: '', yours: 'es' },
    { label: 'Spanish', theirs: '', yours: 'Hola' },
  ])
})

test('those who made the versions after one', () => {
  const actor = { __typename: 'Actor' as const, kind: 'ADMIN' as const, id: 'ada@example.com' }
  const entry = (at: string, after: string, target = 'shop') => ({
    __typename: 'Event' as const,
    at,
    target,
    actor,
    changes: [{ __typename: 'EventChange' as const, field: 'settings.version', after }],
  })
  const entries = [
    entry('4', '7'),
    entry('3', '9', 'other'),
    entry('2', '6'),
    { ...entry('1', ''), changes: null },
  ]
  expect(makersSince(entries, 'shop', 5)).toEqual([
    { actor, at: '4' },
    { actor, at: '2' },
  ])
  expect(makersSince(entries, 'shop', 6)).toEqual([{ actor, at: '4' }])
})
