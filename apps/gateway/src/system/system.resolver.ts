import { saysNotReady } from '@emailauth/rpc/client/reply'
import { runtimeStatus } from '@emailauth/service/lifecycle/runtime-status'
import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql'
import { Allow } from '../access/access.ts'
import { Costs } from '../graphql/limits/field-cost.ts'
import type { SystemContext } from './system.context.ts'
import {
  MailQueue,
  RedisServer,
  Relay,
  RingKey,
  ServiceStatus,
  System,
  SystemFinding,
} from './system.types.ts'

@Resolver(() => System)
export class SystemResolver {
  @Costs(() => 500)
  @Allow('ADMIN')
  @Query(() => System, { description: 'The installation itself. Needs an admin key.' })
  system(@Ctx() { services }: SystemContext): System {
    return {
      environment: services.production ? 'production' : 'development',
      startedAt: runtimeStatus().startedAt,
      nodeVersion: process.version,
    }
  }

  @FieldResolver(() => [ServiceStatus], { description: 'The services, each asked just now.' })
  async services(@Ctx() { services }: SystemContext): Promise<ServiceStatus[]> {
    const [persistence, mailer] = await Promise.all([
      statusOf('persistence', services.persistence),
      statusOf('mailer', services.mailer),
    ])
    return [{ name: 'gateway', ready: true, latencyMs: 0, ...runtimeStatus() }, persistence, mailer]
  }

  @FieldResolver(() => [SystemFinding], {
    nullable: true,
    description:
      'What an operator should change; null, with an error beside the data, when that is not known.',
  })
  findings(@Ctx() { services }: SystemContext): Promise<readonly SystemFinding[]> {
    return services.persistence.findings()
  }

  @FieldResolver(() => [RedisServer], {
    nullable: true,
    description: 'The Redis servers; null, with an error beside the data, when they cannot be asked.',
  })
  redis(@Ctx() { services }: SystemContext): Promise<readonly RedisServer[]> {
    return services.persistence.redisServers()
  }

  @FieldResolver(() => [Relay], {
    nullable: true,
    description: 'The relays, in their order; null, with an error beside the data, when not known.',
  })
  async relays(@Ctx() { services }: SystemContext): Promise<readonly Relay[]> {
    return (await services.mailer.status()).relays
  }

  @FieldResolver(() => MailQueue, {
    nullable: true,
    description: 'The queue of mails; null, with an error beside the data, when not known.',
  })
  async mailQueue(@Ctx() { services }: SystemContext): Promise<MailQueue> {
    return (await services.mailer.status()).queue
  }

  @FieldResolver(() => [RingKey], {
    nullable: true,
    description: 'The secret keys, newest first; null, with an error beside the data, when not known.',
  })
  keyRing(@Ctx() { services }: SystemContext): Promise<readonly RingKey[]> {
    return services.persistence.keyRing()
  }
}

interface AskedService {
  ready(): Promise<void>
  status(): Promise<{ readonly version: string; readonly startedAt: string }>
}

async function statusOf(name: string, service: AskedService): Promise<ServiceStatus> {
  const began = performance.now()
  const elapsedMs = () => Math.round(performance.now() - began)
  try {
    await service.ready()
    const latencyMs = elapsedMs()
    const status = await service.status().catch(() => undefined)
    return {
      name,
      ready: true,
      latencyMs,
      version: status?.version ?? null,
      startedAt: status?.startedAt ?? null,
    }
  } catch (error) {
    // The gateway's metrics and log have the reason. A service that answers is not to be started again.
    const latencyMs = saysNotReady(error) ? elapsedMs() : null
    return { name, ready: false, latencyMs, version: null, startedAt: null }
  }
}
