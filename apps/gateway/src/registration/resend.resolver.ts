import { identityId, tenantOfIdentity } from '@emailauth/contracts/common'
import { IDENTITY_NOT_FOUND } from '@emailauth/contracts/problems'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { answerOutcome } from '../graphql/outcomes/answer-outcome.ts'
import type { RegistrationContext } from './registration.context.ts'
import { type RegisterOutcome, ResendInput, ResendResult } from './registration.types.ts'

@Resolver()
export class ResendResolver {
  @Allow('ANY_KEY')
  @Mutation(() => ResendResult, {
    description:
      'Mails the same number again. It expires at the same moment as before, and the mail counts for the limits. An admin key mails that of any tenant.',
  })
  async resend(
    @Arg('input', () => ResendInput, { description: 'Whose number to mail again.' }) input: ResendInput,
    @Ctx() context: RegistrationContext,
  ): Promise<RegisterOutcome> {
    const { caller, requestId, services } = context
    if (!identityId.safeParse(input.identityId).success) {
      return services.countOutcome('resend', NOT_FOUND)
    }
    const { identityId: id } = input
    // The tenant is the part of an id before the dot.
    const tenantId = known(caller).tenantId ?? tenantOfIdentity(id)
    if (known(caller).scope === 'admin' && (await services.tenants.find(tenantId)) === undefined) {
      return services.countOutcome('resend', NOT_FOUND)
    }
    const outcome = await services.registrations.resend({ tenantId, requestId, identityId: id })
    return answerOutcome(context, services.countOutcome('resend', outcome))
  }
}

const NOT_FOUND = {
  __typename: 'IdentityNotFound',
  code: 'IDENTITY_NOT_FOUND',
  message: IDENTITY_NOT_FOUND,
} as const satisfies RegisterOutcome
