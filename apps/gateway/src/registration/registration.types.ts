import { GraphQLDateTime } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Named, ProblemOutcomes } from '../graphql/outcomes/outcome.ts'
import { EmailRejected, IdentityNotFound, RateLimited } from '../graphql/outcomes/problem.types.ts'
import type { DeliveryState } from '../services/mailer/delivery-state.ts'

/** The delivery states as a GraphQL enum. */
export const DeliveryStates = { SENT: 'SENT', QUEUED: 'QUEUED', FAILED: 'FAILED' } as const

registerEnumType(DeliveryStates, {
  name: 'DeliveryState',
  description: 'State of the mail with the number.',
  valuesConfig: {
    SENT: { description: 'The mail server accepted it.' },
    QUEUED: {
      description: 'The mail server could not take it yet; it is tried again while the number is valid.',
    },
    FAILED: { description: 'It was not sent. The number is valid all the same; `resend` mails it.' },
  },
})

@InputType('RegisterInput', { description: 'What to keep, and where to mail the number.' })
export class RegisterInput {
  @Field(() => String, {
    description:
      "The person's address. It is trimmed, full-width characters are folded, its domain is lower-cased and put in punycode; at most 320 characters.",
  })
  email!: string

  @Field(() => String, {
    description:
      'Your own text, 1 to 4,096 bytes of UTF-8. It is never read, and handed back by `verify`, once.',
  })
  token!: string

  @Field(() => String, {
    nullable: true,
    description: "The mail's language, such as `es` or `pt-BR`. Default: the tenant's.",
  })
  locale?: string | null

  @Field(() => Int, {
    nullable: true,
    description:
      "How long the number is valid, in seconds: 60 to 86,400; with a test tenant in development 1 and more. Default: the tenant's, 600 unless changed.",
  })
  expiresInSeconds?: number | null

  @Field(() => String, {
    nullable: true,
    description:
      "The end user's IPv4 or IPv6 address as you see it, for the limit on each address or network. Ports, brackets and zones are read; what is no address shares one limit.",
  })
  clientIp?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Your own name for this call, 1 to 200 printable ASCII characters. The same key within 60 s gets the same answer, and no second mail.',
  })
  idempotencyKey?: string | null
}

@InputType('ResendInput', { description: 'Whose number to mail again.' })
export class ResendInput {
  @Field(() => ID, { description: 'The `identityId` that `register` gave.' })
  identityId!: string
}

@ObjectType('Registered', {
  simpleResolvers: true,
  description: 'The token is kept under a new number. The number itself is only in the mail.',
})
class Registered {
  @Field(() => ID, {
    description:
      'Names this registration. Give it to `verify` to tie the number to the session that asked for it.',
  })
  identityId!: string

  @Field(() => String, { description: 'The address as it was mailed to.' })
  email!: string

  @Field(() => GraphQLDateTime, { description: 'When the number expires.' })
  expiresAt!: string

  @Field(() => DeliveryStates, { description: 'Delivery of the mail.' })
  delivery!: DeliveryState

  @Field(() => Boolean, {
    description: 'true when the address had a live number before, which no longer works.',
  })
  replaced!: boolean
}

/** What `register` and `resend` can answer. */
export type RegisterOutcome =
  | Named<'Registered', Registered>
  | ProblemOutcomes['EmailRejected' | 'RateLimited' | 'IdentityNotFound']

export const RegisterResult = createUnionType({
  name: 'RegisterResult',
  description:
    'What `register` answers. `IdentityNotFound` is never returned: it stays so that older documents remain valid. `resend` answers a `ResendResult`.',
  types: () => [Registered, EmailRejected, RateLimited, IdentityNotFound] as const,
})

// Every member of RegisterResult is in it, so that `... on RegisterResult` below `resend` stays valid.
export const ResendResult = createUnionType({
  name: 'ResendResult',
  description: 'What `resend` answers.',
  types: () => [Registered, EmailRejected, RateLimited, IdentityNotFound] as const,
})
