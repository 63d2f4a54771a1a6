import { finding } from '@emailauth/contracts/diagnostics'
import { GraphQLDateTime } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { contractEnum } from '../graphql/contract-enum.ts'

const Environments = { DEVELOPMENT: 'development', PRODUCTION: 'production' } as const
export type Environment = (typeof Environments)[keyof typeof Environments]

registerEnumType(Environments, {
  name: 'Environment',
  description: 'What an installation is for.',
  valuesConfig: {
    DEVELOPMENT: { description: 'To build with: the schema may be asked for.' },
    PRODUCTION: { description: 'For people: `NODE_ENV` is `production`.' },
  },
})

const FindingLevels = contractEnum(finding.shape.level.options, {
  name: 'FindingLevel',
  description: 'How much a finding matters.',
  values: { warn: 'Something may be lost.', fail: 'Calls fail, or promises are broken.' },
})

@ObjectType('ServiceStatus', { simpleResolvers: true, description: 'State of one of the services.' })
export class ServiceStatus {
  @Field(() => String, { description: '`gateway`, `persistence` or `mailer`.' })
  name!: string

  @Field(() => Boolean, { description: 'Whether it says that it is ready.' })
  ready!: boolean

  @Field(() => Int, {
    nullable: true,
    description: 'How long it took to say so, in milliseconds; null: it does not answer.',
  })
  latencyMs!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'The version of emailauth that it runs; null: it does not answer.',
  })
  version!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Since when the process that answered runs; null: it does not answer.',
  })
  startedAt!: string | null
}

const Circuits = { CLOSED: 'closed', OPEN: 'open', REFUSING: 'refusing' } as const

registerEnumType(Circuits, {
  name: 'RelayCircuit',
  description: 'Whether mails go to a relay.',
  valuesConfig: {
    CLOSED: { description: 'Mails go to the relay.' },
    OPEN: {
      description: 'The relay did not answer lately. Mails go elsewhere or wait, and it is asked again soon.',
    },
    REFUSING: { description: 'The relay refuses everybody. A single mail is tried from time to time.' },
  },
})

@ObjectType('Relay', {
  simpleResolvers: true,
  description: 'An SMTP server of the installation, as the mailer that answered sees it.',
})
export class Relay {
  @Field(() => String, { description: 'The host name or IP address of the SMTP server.' })
  host!: string

  @Field(() => Int, { description: 'The port of the SMTP server.' })
  port!: number

  @Field(() => Circuits, { description: 'Whether mails go to it.' })
  circuit!: (typeof Circuits)[keyof typeof Circuits]

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When that began; null: since the mailer was started.',
  })
  since!: string | null
}

@ObjectType('MailQueue', {
  simpleResolvers: true,
  description: 'Mails that wait for another attempt, over all mailers.',
})
export class MailQueue {
  @Field(() => Int, { description: 'How many mails wait.' })
  waiting!: number

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the oldest of them came; null: none waits.',
  })
  oldestAt!: string | null

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the next one is tried; null: none waits.',
  })
  nextAttemptAt!: string | null
}

@ObjectType('SystemFinding', {
  simpleResolvers: true,
  description: 'Something about the installation that an operator should change.',
})
export class SystemFinding {
  @Field(() => String, { description: 'What kind, such as `redis-eviction`. New ones may be added.' })
  code!: string

  @Field(() => FindingLevels, { description: 'How much it matters.' })
  level!: (typeof FindingLevels)[keyof typeof FindingLevels]

  @Field(() => String, { description: 'What was found, in a sentence.' })
  detail!: string

  @Field(() => String, { description: 'What to do, in a sentence.' })
  fix!: string
}

@ObjectType('System', {
  simpleResolvers: true,
  description: 'This installation: its gateway, relays, queue, and what an operator should change.',
})
export class System {
  @Field(() => Environments, { description: 'Whether it is for production or for development.' })
  environment!: Environment

  @Field(() => GraphQLDateTime, { description: 'When the gateway that answers was started.' })
  startedAt!: string

  @Field(() => String, { description: 'The version of Node.js that the gateway runs on.' })
  nodeVersion!: string
}

@ObjectType('RedisServer', {
  simpleResolvers: true,
  description: 'A Redis server that holds data. null: the server does not report it.',
})
export class RedisServer {
  @Field(() => String, { description: 'Its product and version.' })
  version!: string

  @Field(() => Float, { nullable: true, description: 'Memory that it uses, in bytes.' })
  usedMemoryBytes!: number | null

  @Field(() => Float, { nullable: true, description: 'Memory that it may use, in bytes; null: no bound.' })
  maxMemoryBytes!: number | null

  @Field(() => Boolean, { nullable: true, description: 'Whether it writes an append-only file.' })
  appendOnly!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'Whether its last write to disk succeeded.' })
  lastSaveOk!: boolean | null

  @Field(() => Int, { nullable: true, description: 'Replicas that are connected.' })
  replicas!: number | null

  @Field(() => Int, { nullable: true, description: 'Commands in a second, just now.' })
  operationsPerSecond!: number | null

  @Field(() => Int, { nullable: true, description: 'Since when it runs, in seconds.' })
  uptimeSeconds!: number | null
}

@ObjectType('RingKey', {
  simpleResolvers: true,
  description: 'A secret key of the ring, without the key itself.',
})
export class RingKey {
  @Field(() => ID, { description: 'The first 4 bytes of its digest.' })
  id!: string

  @Field(() => String, { description: 'With what it seals: `xchacha20-poly1305` or `xaes-256-gcm`.' })
  cipher!: string

  @Field(() => Boolean, { description: 'Whether it writes. The others only read.' })
  newest!: boolean

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When nothing needs it any more; null for the newest.',
  })
  neededUntil!: string | null
}
