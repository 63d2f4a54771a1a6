import { identityId } from '@emailauth/contracts/common'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, tenantOf } from '../auth/access.ts'
import type { GatewayContext } from '../graphql/context.ts'
import { type RegisterOutcome, RegisterResult, ResendInput } from './registration.types.ts'

@Resolver()
export class ResendResolver {
  @Allow('TENANT')
  @Mutation(() => RegisterResult, {
    description:
      "Mails the same number again. It dies at the same moment as before, and counts as a mail for the limits. Needs a tenant's API key.",
  })
  async resend(
    @Arg('input', () => ResendInput, { description: 'Whose number to mail again.' }) input: ResendInput,
    @Ctx() { caller, requestId, services }: GatewayContext,
  ): Promise<RegisterOutcome> {
    if (!identityId.safeParse(input.identityId).success) {
      return services.countOutcome('resend', IDENTITY_NOT_FOUND)
    }
    const { identityId: id } = input
    return services.countOutcome(
      'resend',
      await services.registrations.resend({ tenantId: tenantOf(caller), requestId, identityId: id }),
    )
  }
}

const IDENTITY_NOT_FOUND = {
  __typename: 'IdentityNotFound',
  code: 'IDENTITY_NOT_FOUND',
  message: 'No live identity has this id; register again.',
} as const satisfies RegisterOutcome
