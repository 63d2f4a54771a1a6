import { beforeEach, expect, test } from 'vitest'
import { DEFAULT_RELAY_LIMITS } from '../../relays/relay-limits.ts'
import { createRefusedShare, type RefusedShare } from './refused-share.ts'

let nowMs: number
let share: RefusedShare
beforeEach(() => {
  nowMs = 1000
  share = createRefusedShare(DEFAULT_RELAY_LIMITS, () => nowMs)
})

const SENT = { outcome: 'sent' } as const
const BLOCKED = { outcome: 'deferred', refusal: 'blocked' } as const
const UNKNOWN = { outcome: 'rejected', refusal: 'recipient' } as const
const GREYLISTED = { outcome: 'deferred', refusal: 'temporary' } as const

test('five refusals in a row that are not about the recipient', () => {
  for (let i = 0; i < 4; i++) expect(share.judged(`${i}@x`, BLOCKED)).toBe(false)
  expect(share.mayTry()).toBe(true)
  expect(share.judged('4@x', BLOCKED)).toBe(true)
  expect(share.mayTry()).toBe(false)
})

test('thirty unknown recipients in a row, each counted once; one that is known begins anew', () => {
  for (let i = 0; i < 100; i++) share.judged('same@x', UNKNOWN)
  expect(share.isOpen).toBe(false)
  for (let i = 0; i < 28; i++) share.judged(`${i}@x`, UNKNOWN)
  expect(share.isOpen).toBe(false)
  share.judged('known@x', SENT)
  for (let i = 0; i < 29; i++) share.judged(`${i}@x`, UNKNOWN)
  expect(share.isOpen).toBe(false)
  share.judged('29@x', UNKNOWN)
  expect(share.isOpen).toBe(true)
})

test('one trial after a second, then after ever longer, at most half a minute; a mail that goes out ends it', () => {
  for (let i = 0; i < 5; i++) share.judged(`${i}@x`, BLOCKED)
  const pauses: number[] = []
  for (let i = 0; i < 8; i++) {
    const beganAtMs = nowMs
    while (!share.mayTry()) nowMs += 500
    pauses.push(nowMs - beganAtMs)
    expect(share.mayTry()).toBe(false)
    expect(share.judged('a@x', BLOCKED)).toBe(false)
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  nowMs += 30_000
  expect(share.mayTry()).toBe(true)
  share.judged('a@x', SENT)
  expect([share.isOpen, share.mayTry(), share.mayTry()]).toEqual([false, true, true])
})

test('what passes, and what was never asked, neither opens nor closes it', () => {
  for (let i = 0; i < 4; i++) share.judged(`${i}@x`, BLOCKED)
  for (let i = 0; i < 50; i++) share.judged(`${i}@x`, GREYLISTED)
  for (let i = 0; i < 50; i++) share.judged(`${i}@x`, { outcome: 'deferred' })
  expect(share.isOpen).toBe(false)
  share.judged('4@x', BLOCKED)
  expect(share.isOpen).toBe(true)
})

test('a trial that is never answered does not end trials', () => {
  for (let i = 0; i < 5; i++) share.judged(`${i}@x`, BLOCKED)
  nowMs += 1000
  expect(share.mayTry()).toBe(true)
  nowMs += 1000
  expect(share.mayTry()).toBe(true)
})
