import { ProblemError } from '@emailauth/service/http/problem-error'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bounceOf, isFresh, readUnverifiedJson } from './hook.ts'
import { createMailgunHook } from './mailgun.ts'
import { createSesHook } from './ses.ts'

const MINUTE_MS = 60_000

test("a provider's call is fresh for 25 hours, and its clock may be 5 minutes ahead", () => {
  const nowMs = Date.parse('2026-01-10T00:00:00Z')
  expect(isFresh(nowMs - 25 * 60 * MINUTE_MS + 1, nowMs)).toBe(true)
  expect(isFresh(nowMs - 25 * 60 * MINUTE_MS, nowMs)).toBe(false)
  expect(isFresh(nowMs + 5 * MINUTE_MS - 1, nowMs)).toBe(true)
  expect(isFresh(nowMs + 5 * MINUTE_MS, nowMs)).toBe(false)
})

test('1,000 characters of a reason are kept', () => {
  expect(bounceOf('<id>', 'ada@example.com', true, 'x'.repeat(1001))?.reason).toHaveLength(1000)
})

test('a body that holds its own signature is not parsed if it has thousands of parts', async () => {
  const body = Buffer.from(`[${'0,'.repeat(5000)}0]`)
  expect(() => readUnverifiedJson(body)).toThrow(ProblemError)
  expect(readUnverifiedJson(Buffer.from(`["${',0'.repeat(5000)}"]`))).toHaveLength(1)

  const parse = vi.spyOn(JSON, 'parse')
  onTestFinished(() => parse.mockRestore())
  const fetchText = async () => ''
  const topicArn = 'arn:aws:sns:eu-west-1:1:t'
  for (const read of [
    createMailgunHook('key', Date.now),
    createSesHook({ topicArn, fetchText, now: Date.now }),
  ])
    await expect(read({ headers: {}, body })).rejects.toThrow(ProblemError)
  expect(parse).not.toHaveBeenCalled()
})
