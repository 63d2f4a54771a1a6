import { type GuessingRisk, guessingRisk } from '@emailauth/contracts/number-policy'
import type { TenantSettings as TenantSettingsRecord } from '@emailauth/contracts/tenants'
import { Field, FieldResolver, Float, Int, ObjectType, Resolver, Root, registerEnumType } from 'type-graphql'
import { TenantSettings } from './tenant.types.ts'

/** What a risk is counted for, as a GraphQL enum. */
const RiskPer = { HOUR: 'HOUR', IDENTITY: 'IDENTITY' } as const

registerEnumType(RiskPer, {
  name: 'RiskPer',
  description: 'What a chance is counted for.',
  valuesConfig: {
    HOUR: { description: "That anybody's number is guessed within an hour (NUMBER)." },
    IDENTITY: { description: 'That a number is guessed before it burns (BOUND).' },
  },
})

@ObjectType('TenantRisk', {
  simpleResolvers: true,
  description: "How likely a guess is with a tenant's settings.",
})
class TenantRisk {
  @Field(() => Float, { description: 'The chance, at most `acceptedRisk`.' })
  chance!: number

  @Field(() => RiskPer, { description: 'What it is counted for.' })
  per!: GuessingRisk['per']

  @Field(() => Int, { description: 'Digits of a number; more while many are live.' })
  digits!: number

  @Field(() => String, { description: 'The same as a sum that can be checked.' })
  arithmetic!: string
}

@Resolver(() => TenantSettings)
export class TenantRiskResolver {
  @FieldResolver(() => TenantRisk, { description: 'How likely a guess is, with its arithmetic.' })
  risk(@Root() settings: TenantSettingsRecord): TenantRisk {
    return guessingRisk(settings)
  }
}
