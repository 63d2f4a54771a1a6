import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

const RelayCheckLevels = { OK: 'ok', WARN: 'warn', FAIL: 'fail' } as const

registerEnumType(RelayCheckLevels, {
  name: 'RelayCheckLevel',
  description: 'Whether mails would get through to a relay.',
  valuesConfig: {
    OK: { description: 'Mails would get through.' },
    WARN: { description: 'Mails would get through, but something about the relay should be changed.' },
    FAIL: { description: 'Mails would not get through.' },
  },
})

@ObjectType('RelayCheck', {
  simpleResolvers: true,
  description: 'What a relay said when it was connected to.',
})
export class RelayCheck {
  @Field(() => String, { description: 'The host name or IP address that was connected to.' })
  host!: string

  @Field(() => Int, { description: 'The port that was connected to.' })
  port!: number

  @Field(() => RelayCheckLevels, { description: 'Whether mails would get through.' })
  level!: (typeof RelayCheckLevels)[keyof typeof RelayCheckLevels]

  @Field(() => String, {
    description: 'What the relay said: greeting, encryption, sign-in. Never credentials.',
  })
  detail!: string
}

@InputType('CheckRelayInput', { description: 'Whose relay to connect to.' })
export class CheckRelayInput {
  @Field(() => ID, { description: "The tenant's id." })
  tenantId!: string

  @Field(() => String, {
    nullable: true,
    description:
      'An SMTP URL to try in place of the one that is saved, as in `TenantMailInput.smtpUrl`. Give it as a variable.',
  })
  smtpUrl?: string | null
}

@ObjectType('CheckedRelays', { simpleResolvers: true, description: 'The relays that were connected to.' })
export class CheckedRelays {
  @Field(() => [RelayCheck], {
    nullable: true,
    description: 'In the order in which they are used; null when there is no tenant of this id.',
  })
  relays!: readonly RelayCheck[] | null
}
