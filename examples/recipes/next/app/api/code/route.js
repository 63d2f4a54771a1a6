import { clientIp, emailauth, mistyped } from '../../../lib/emailauth.js'
import { answerWith, sessionOf } from '../../../lib/session.js'

/** Takes the number. */
export async function POST(request) {
  const { identityId } = await sessionOf(request, new Response())
  if (identityId === undefined) return Response.json({ message: 'Ask for a code first.' }, { status: 409 })
  const number = String((await request.formData()).get('number'))
  const answer = await emailauth()
    .verify({ number, identityId, clientIp: clientIp(request) })
    .catch(mistyped)
  if (answer.__typename !== 'Verified') return Response.json(answer, { status: 422 })
  // Without the answer: its token belongs to another purpose, and to your server alone.
  if (answer.token !== 'sign-in')
    return Response.json({ message: 'This code is not valid.' }, { status: 422 })
  return answerWith(request, { email: answer.email }, 200, (session) => {
    session.identityId = undefined
    session.email = answer.email
  })
}
