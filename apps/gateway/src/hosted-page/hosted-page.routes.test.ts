import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { type HostedPageOptions, hostedPageRoutes } from './hosted-page.routes.ts'

/** What a person gets who opens the page while its tenant is looked up so. */
async function openWhile(find: HostedPageOptions['services']['tenants']['find'], timeoutMs?: number) {
  const app = Fastify()
  onTestFinished(() => app.close())
  const never = () => expect.unreachable()
  hostedPageRoutes(app, {
    services: {
      tenants: { find },
      persistence: { identity: never },
      registrations: { resend: never },
      verifications: { verifyOnPage: never },
      countOutcome: never,
    },
    serviceToken: 't'.repeat(32),
    load: { maxEventLoopDelayMs: 10_000 },
    timeoutMs,
  })
  return app.inject({ url: '/verify/shop.00000000000000000000000', headers: { host: 'localhost' } })
}

test('a page that is not ready in time, or fails, says so and may be tried again: 503', async () => {
  const late = await openWhile(() => new Promise(() => {}), 1)
  const failed = await openWhile(async () => {
    throw new TypeError('a fault of ours')
  })
  for (const { statusCode, headers, body } of [late, failed]) {
    expect(statusCode).toBe(503)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).not.toContain('a fault of ours')
  }
})
