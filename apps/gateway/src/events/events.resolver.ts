import { identityId as identityIdShape } from '@emailauth/contracts/common'
import { type Event as EventRecord, type EventType, eventCursor } from '@emailauth/contracts/events'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import { isRequestId } from '@emailauth/contracts/request-id'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql'
import { Allow, assertAccess, known, maySee } from '../access/access.ts'
import type { Caller } from '../access/caller.ts'
import { badInput, checkTenantId } from '../graphql/input.ts'
import { Costs, mayHave, pageWork } from '../graphql/limits/field-cost.ts'
import { toConnection } from '../graphql/lists/connection.ts'
import { AFTER, checkFirst, FIRST } from '../graphql/lists/page-length.ts'
import { checkTimeRange, TimeRangeArgs } from '../graphql/lists/time-range.ts'
import type { EventScope } from '../services/persistence/event-calls.ts'
import type { EventContext } from './event.context.ts'
import { Event, EventConnection, EventTypes } from './event.types.ts'
import { eventRange } from './event-range.ts'
import { pick } from './pick.ts'

const ACTOR_MAX_LENGTH = 400
const HELP = {
  after: 'must be the cursor of an event, or "0".',
}

/** Which events. */
@ArgsType()
export class EventArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Of this tenant only. A tenant's key sees its own in any case.",
  })
  tenantId?: string | null

  @Field(() => [EventTypes], { nullable: true, description: 'Of these types only. Default: all.' })
  types?: EventType[] | null
}

@Resolver()
export class EventsResolver {
  @Costs((given) =>
    // By type, tenant, actor or request, 1,000 entries of a stream are looked through.
    ['types', 'tenantId', 'actorId', 'requestId'].some((name) => mayHave(given(name)))
      ? 500
      : pageWork(given('first'), PAGE_DEFAULT, PAGE_MAX),
  )
  @Allow('ANY_KEY')
  @Query(() => EventConnection, {
    description:
      'What happened, newest first: the last 10,000 or so of each tenant, until a day after the last one. What admins did is among them for admins alone.',
  })
  async events(
    @Args(() => EventArgs) { tenantId, types }: EventArgs,
    @Arg('identityId', () => ID, {
      nullable: true,
      description: 'Of this identity only, which may be over. Default: of all.',
    })
    identityId: string | null | undefined,
    @Arg('actorId', () => ID, {
      nullable: true,
      description: 'Only what this actor did: the id of an API key, or the address of an admin.',
    })
    actorId: string | null | undefined,
    @Arg('requestId', () => ID, {
      nullable: true,
      description:
        'Only what this request registered or resent, named by its `x-request-id` or `extensions.requestId`. Other filters than `tenantId` do not count then.',
    })
    requestId: string | null | undefined,
    @Arg('first', () => Int, FIRST)
    first: number,
    @Arg('after', () => String, AFTER)
    after: string | null | undefined,
    @Args(() => TimeRangeArgs) range: TimeRangeArgs,
    @Ctx() { caller, services }: EventContext,
  ): Promise<EventConnection> {
    checkFirst(first)
    const cursor = checkCursor(after)
    const { before, reaches } = eventRange(checkTimeRange(range), cursor)
    const scope = scopeOf(known(caller), tenantId)
    if (typeof requestId === 'string' && !isRequestId(requestId)) return NOTHING
    if (isOfNobody(identityId, scope)) return NOTHING
    const { events, hasMore, endCursor } = await services.persistence.events({
      ...scope,
      first,
      before,
      ...(typeof identityId === 'string' ? { identityId } : {}),
      ...(typeof requestId === 'string' ? { requestId: requestId.toLowerCase() } : {}),
      ...(actorId ? { actorId: actorId.slice(0, ACTOR_MAX_LENGTH) } : {}),
      ...(types === null || types === undefined || types.length === 0 ? {} : { types: [...new Set(types)] }),
    })
    const within = requestId ? events : events.filter((event) => reaches(event.cursor))
    const edges = within.map((event) => ({ cursor: event.cursor, node: event }))
    return toConnection(edges, {
      endCursor,
      hasNextPage: hasMore && (endCursor === null || reaches(endCursor)),
      hasPreviousPage: cursor !== undefined,
    })
  }

  @Allow('ANY_KEY')
  @Subscription(() => Event, {
    name: 'events',
    description:
      'What happens, as it happens, over WebSocket (protocol graphql-transport-ws). It ends when the API key or session does. Begin again with `after` to miss nothing.',
    subscribe: ({ args, context }) => {
      // type-graphql has checked the arguments, and types them and the context as any.
      const { tenantId, types, after } = args as SubscriptionArgs
      const { caller, services } = context as EventContext
      // The access rule is asked for each event; this asks before the first.
      assertAccess(caller, 'ANY_KEY')
      const scope = scopeOf(known(caller), tenantId)
      return pick(services.events.follow(scope, checkCursor(after)), types)
    },
  })
  live(
    @Root() event: EventRecord,
    @Args(() => EventArgs) _filter: EventArgs,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last event that was seen; "0": all that is kept. Default: from now on.',
    })
    _after: string | null | undefined,
  ): Event {
    return event
  }
}

interface SubscriptionArgs {
  readonly tenantId?: string | null
  readonly types?: EventType[] | null
  readonly after?: string | null
}

function scopeOf(caller: Caller, asked: string | null | undefined): EventScope {
  const tenantId = checkTenantId('tenantId', asked)
  if (tenantId !== undefined && !maySee(caller, tenantId)) {
    throw new ProblemError('forbidden', 'This API key sees the events of its own tenant only.')
  }
  return { tenantId: caller.tenantId ?? tenantId, audit: caller.scope === 'admin' }
}

const NOTHING: EventConnection = toConnection([], {
  endCursor: null,
  hasNextPage: false,
  hasPreviousPage: false,
})

/**
 * True when no identity has this id or another tenant has it. The caller cannot distinguish the two cases.
 */
function isOfNobody(id: string | null | undefined, { tenantId }: EventScope): boolean {
  if (id === null || id === undefined) return false
  return !identityIdShape.safeParse(id).success || (tenantId !== undefined && !id.startsWith(`${tenantId}.`))
}

function checkCursor(after: string | null | undefined): string | undefined {
  if (after === null || after === undefined) return undefined
  if (!eventCursor.safeParse(after).success) throw badInput('after', HELP)
  return after
}
