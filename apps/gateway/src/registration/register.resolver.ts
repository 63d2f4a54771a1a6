import { TTL_MAX_SECONDS, TTL_MIN_SECONDS } from '@emailauth/contracts/common'
import { type RegistrationRequest, registrationRequest } from '@emailauth/contracts/registrations'
import { thousands } from '@emailauth/contracts/thousands'
import { isToken, TOKEN_RULE } from '@emailauth/contracts/token'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, tenantOf } from '../access/access.ts'
import { badInput, CALL_HELP, checkInput } from '../graphql/input.ts'
import { answerOutcome } from '../graphql/outcomes/answer-outcome.ts'
import type { RegistrationContext } from './registration.context.ts'
import { RegisterInput, type RegisterOutcome, RegisterResult } from './registration.types.ts'

const HELP = {
  ...CALL_HELP,
  token: TOKEN_RULE,
  expiresInSeconds: `must be ${TTL_MIN_SECONDS} to ${thousands(TTL_MAX_SECONDS)} seconds.`,
}

@Resolver()
export class RegisterResolver {
  @Allow('TENANT')
  @Mutation(() => RegisterResult, {
    description:
      "Keeps a token for an address under a new number, and mails the number to it. A number that the address had before stops working. Needs a tenant's API key.",
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'What to keep, and where to mail the number.' })
    input: RegisterInput,
    @Ctx() context: RegistrationContext,
  ): Promise<RegisterOutcome> {
    const { caller, requestId, services } = context
    const call = {
      tenantId: tenantOf(caller),
      requestId,
      email: input.email,
      token: input.token,
      locale: input.locale ?? undefined,
      expiresInSeconds: input.expiresInSeconds ?? undefined,
      clientIp: input.clientIp ?? undefined,
      idempotencyKey: input.idempotencyKey ?? undefined,
    } satisfies Record<keyof RegistrationRequest, unknown>
    const request = checkInput(registrationRequest, call, HELP)
    if (!isToken(request.token)) throw badInput('token', HELP)
    const outcome = await services.registrations.register(request)
    return answerOutcome(context, services.countOutcome('register', outcome))
  }
}
