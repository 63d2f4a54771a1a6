import { clientIp, emailauth, mistyped } from '../../../lib/emailauth.js'
import { answerWith } from '../../../lib/session.js'

/** Mails a number. */
export async function POST(request) {
  const email = String((await request.formData()).get('email'))
  // The token says what the number is good for: one for a payment signs nobody in.
  const answer = await emailauth()
    .register({ email, token: 'sign-in', clientIp: clientIp(request) })
    .catch(mistyped)
  if (answer.__typename !== 'Registered') return Response.json(answer, { status: 422 })
  return answerWith(request, { expiresAt: answer.expiresAt }, 200, (session) => {
    session.identityId = answer.identityId
  })
}
