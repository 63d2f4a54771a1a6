import { type ExchangeRequest, exchangeRequest } from '@emailauth/contracts/hosted-page'
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql'
import { Allow, tenantOf } from '../access/access.ts'
import { CALL_HELP, checkInput } from '../graphql/input.ts'
import type { VerificationContext } from './verification.context.ts'
import { type VerifyOutcome, VerifyResult } from './verification.types.ts'

const HELP = {
  ...CALL_HELP,
  result: 'must have at most 256 characters.',
}

@InputType('ExchangeInput', { description: 'What a person brought back from the hosted page.' })
export class ExchangeInput {
  @Field(() => ID, {
    description:
      'The `identityId` that `register` gave. Take it from your session with this person, not from the URL, so that a result of somebody else signs nobody in.',
  })
  identityId!: string

  @Field(() => String, { description: 'The parameter `result` of the URL that the page returned to.' })
  result!: string

  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for this call, 1 to 200 printable ASCII characters. Ask again with the same key within 60 s when the reply was lost: the answer is the same.',
  })
  idempotencyKey?: string | null
}

@Resolver()
export class ExchangeResolver {
  @Allow('TENANT')
  @Mutation(() => VerifyResult, {
    description:
      "Trades a result of the hosted page for the token, once, within 120 s. Needs a tenant's API key.",
  })
  async exchange(
    @Arg('input', () => ExchangeInput, { description: 'What a person brought back from the hosted page.' })
    input: ExchangeInput,
    @Ctx() { caller, requestId, services }: VerificationContext,
  ): Promise<VerifyOutcome> {
    const call = {
      tenantId: tenantOf(caller),
      requestId,
      identityId: input.identityId,
      result: input.result,
      idempotencyKey: input.idempotencyKey ?? undefined,
    } satisfies Record<keyof ExchangeRequest, unknown>
    return services.countOutcome(
      'exchange',
      await services.verifications.exchange(checkInput(exchangeRequest, call, HELP)),
    )
  }
}
