import { expect, test } from 'vitest'
import { createRequests } from './requests.ts'

test('a late answer never replaces the list of a later request', () => {
  const requests = createRequests()
  const [first, second, third] = [requests.all(), requests.all(), requests.all()]
  expect(second()).toBe(true)
  expect(first()).toBe(false)
  expect(third()).toBe(true)
})

test('answers that come one after another are all taken, however many requests have begun since', () => {
  const requests = createRequests()
  const asked = [requests.all(), requests.all(), requests.all()]
  expect(asked.map((take) => take())).toEqual([true, true, true])
})

test('a page is added to no list but the one that it was asked for', () => {
  const requests = createRequests()
  requests.all()()
  const page = requests.more()
  const underWay = requests.all()
  expect(page()).toBe(true)
  const next = requests.more()
  expect(underWay()).toBe(true)
  expect(next()).toBe(false)
  expect(requests.more()()).toBe(true)
})

test('a page that was asked for twice is added once', () => {
  const requests = createRequests()
  const [page, again] = [requests.more(), requests.more()]
  expect(again()).toBe(true)
  expect(page()).toBe(false)
})
