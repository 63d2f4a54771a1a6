import { problem } from '@emailauth/contracts/problems'
import { signInFinish, signInFinished, signInReply, signInRequest } from '@emailauth/contracts/sign-ins'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { SignInStore } from './sign-in-store.ts'

const route = routeWith<SignInStore>()

export function addSignInRoutes(app: ServiceApp, signIns: SignInStore): void {
  addRoutes(app, signIns, [beginSignIn, finishSignIn])
}

const beginSignIn = route({
  method: 'POST',
  url: '/v1/sign-ins',
  schema: {
    summary: 'Begin the sign-in of one browser: the number to mail, or why none is mailed',
    body: signInRequest,
    response: { 200: signInReply, default: problem },
  },
  handler: (signIns, request) => signIns.begin(request.body),
})

const finishSignIn = route({
  method: 'POST',
  url: '/v1/sign-ins/finish',
  schema: {
    summary: "Trade a ticket's number, once",
    body: signInFinish,
    response: { 200: signInFinished, default: problem },
  },
  handler: async (signIns, { body }) => {
    if (await signIns.finish(body)) return { email: body.email }
    throw new ProblemError('wrong-credentials', 'This number is not valid in this browser.')
  },
})
