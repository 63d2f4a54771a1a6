import { timeOfRequest } from '@emailauth/contracts/request-id'
import { expect, test } from 'vitest'
import { newRequestId } from './request-id.ts'

test('a request id begins with its moment, and no two are equal', () => {
  const nowMs = Date.parse('2026-11-27T10:00:00.123Z')
  const ids = Array.from({ length: 1000 }, () => newRequestId(nowMs))
  expect(new Set(ids.map(timeOfRequest))).toEqual(new Set([nowMs]))
  expect(new Set(ids).size).toBe(1000)
  expect(timeOfRequest(newRequestId(nowMs + 1))).toBe(nowMs + 1)
})
