import type { FastifyReply } from 'fastify'
import { varyBy } from '../http/vary.ts'
import type { PageFrame } from './page.ts'

/**
 * Headers of every hosted page. No script runs, nobody frames it, nothing keeps it, and no address of it goes
 * to another site.
 */
export function sendPage(reply: FastifyReply, frame: PageFrame, page: string): FastifyReply {
  const { logoUrl } = frame.tenant?.settings.mail ?? {}
  // Chromium holds redirects after a form against form-action too, so the way back must be among them.
  const formAction = ["'self'", ...originOf(frame.backTo)].join(' ')
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${frame.nonce}'`,
    `img-src ${originOf(logoUrl)[0] ?? "'none'"}`,
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ]
  return (
    varyBy(reply, 'accept-language')
      .header('content-security-policy', policy.join('; '))
      .header('x-frame-options', 'DENY')
      .header('cross-origin-opener-policy', 'same-origin')
      // Not no-referrer: with it a form's Origin is "null".
      .header('referrer-policy', 'same-origin')
      .header('x-robots-tag', 'noindex, nofollow')
      .header('cache-control', 'no-store')
      .header('content-language', frame.language)
      .type('text/html; charset=utf-8')
      .send(page)
  )
}

/** A URL may have a host such as `a;sandbox` or `*`, which would change the policy. DNS has none. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/

function originOf(url: string | undefined): string[] {
  if (url === undefined) return []
  const { hostname, origin } = new URL(url)
  return HOST.test(hostname) ? [origin] : []
}
