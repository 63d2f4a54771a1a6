import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildInboxApp } from '../app.ts'
import { createMessageStore } from '../store.ts'

let app: FastifyInstance
beforeAll(async () => {
  app = await buildInboxApp(createMessageStore())
})
afterAll(() => app.close())

test('everything that the page asks for is there, in its own type', async () => {
  const asked = new Set(['/'])
  for (const path of asked) {
    const reply = await app.inject(path)
    expect(reply.statusCode, path).toBe(200)
    expect(reply.body.length, path).toBeGreaterThan(100)
    expect(reply.headers['content-type'], path).toBe(typeOf(path))
    for (const [, file] of reply.body.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)) asked.add(file!)
    for (const [, file] of reply.body.matchAll(/(?:^| )import .* from '\.(\/[^']+)'/gm))
      asked.add(`/page${file}`)
    for (const [, file] of reply.body.matchAll(/url\("([^"]+)"\)/g)) asked.add(`/page/${file}`)
  }
  expect(asked.size).toBe(26)
})

function typeOf(path: string): string {
  if (path === '/') return 'text/html; charset=utf-8'
  if (path.endsWith('.woff2')) return 'font/woff2'
  return path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
}

test('no script runs that is not a file of the page', async () => {
  const { headers, body } = await app.inject('/')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(body).not.toMatch(/<script(?![^>]* src=)|\son\w+=/)
})
