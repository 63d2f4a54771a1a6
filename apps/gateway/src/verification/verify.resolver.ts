import { type VerificationRequest, verificationRequest } from '@emailauth/contracts/verifications'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, tenantOf } from '../access/access.ts'
import { CALL_HELP, checkInput } from '../graphql/input.ts'
import { answerOutcome } from '../graphql/outcomes/answer-outcome.ts'
import type { VerificationContext } from './verification.context.ts'
import { VerifyInput, type VerifyOutcome, VerifyResult } from './verification.types.ts'

const HELP = {
  ...CALL_HELP,
  number: 'must have at most 256 characters.',
}

@Resolver()
export class VerifyResolver {
  @Allow('TENANT')
  @Mutation(() => VerifyResult, {
    description:
      "Trades a number for the token that was registered with it. Of any number of calls with a right number exactly one gets the token. Needs a tenant's API key.",
  })
  async verify(
    @Arg('input', () => VerifyInput, { description: 'The number that a person brought back.' })
    input: VerifyInput,
    @Ctx() context: VerificationContext,
  ): Promise<VerifyOutcome> {
    const { caller, requestId, services } = context
    const call = {
      tenantId: tenantOf(caller),
      requestId,
      number: input.number,
      email: input.email ?? undefined,
      identityId: input.identityId ?? undefined,
      clientIp: input.clientIp ?? undefined,
      idempotencyKey: input.idempotencyKey ?? undefined,
    } satisfies Record<keyof VerificationRequest, unknown>
    const outcome = await services.verifications.verify(checkInput(verificationRequest, call, HELP))
    return answerOutcome(context, services.countOutcome('verify', outcome))
  }
}
