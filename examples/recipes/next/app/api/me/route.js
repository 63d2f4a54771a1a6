import { sessionOf } from '../../../lib/session.js'

export async function GET(request) {
  const { email } = await sessionOf(request, new Response())
  return email === undefined ? new Response(null, { status: 401 }) : Response.json({ email })
}
