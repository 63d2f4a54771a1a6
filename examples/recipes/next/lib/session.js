import { getIronSession } from 'iron-session'

/**
 * The session of a request: sealed in a cookie that no script reads. `save()` writes it into the response.
 */
export const sessionOf = (request, response) =>
  getIronSession(request, response, {
    cookieName: 'session',
    password: process.env.SESSION_PASSWORD ?? '',
    ttl: 12 * 3600,
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: process.env.NODE_ENV === 'production' },
  })

/** An answer with the session in it. */
export async function answerWith(request, body, status, change) {
  const response = Response.json(body, { status })
  const session = await sessionOf(request, response)
  change(session)
  await session.save()
  return response
}
