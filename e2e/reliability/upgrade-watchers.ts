import { redisCommand } from '@emailauth/testing/redis-command'
import { createClient } from 'graphql-ws'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import type { UpgradedSystem } from './upgraded-system.ts'

const EVENTS =
  'subscription ($after: String) { events(types: [REGISTERED, VERIFIED], after: $after) { cursor type identityId } }'
const ASK_FOR_NUMBER = 'mutation ($email: String!) { answer: requestSignIn(email: $email) }'
const SIGN_IN =
  'mutation ($number: String!) { answer: signIn(number: $number) { __typename ... on SignedIn { session { id } } } }'
/** Few mails of all go to admins in ten minutes, unless their counts are deleted. */
const FORGET = `for _, key in ipairs(redis.call('KEYS', 'ea:sign-in:*')) do redis.call('DEL', key) end return 1`

interface LiveEvent {
  readonly cursor: string
  readonly type: string
  readonly identityId: string
}

/** Follows the live events of a key, and begins again after the last one whenever they end. */
export function followEvents({ nextGateway }: UpgradedSystem, headers: Record<string, string>) {
  const events: string[] = []
  let after = '0'
  let isOver = false
  let stop = () => {}
  const once = () =>
    new Promise<void>((resolve) => {
      const client = createClient({
        url: `${nextGateway().replace('http', 'ws')}/graphql`,
        ...{ webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 },
      })
      stop = () => void client.dispose()
      client.subscribe<{ events: LiveEvent }>(
        { query: EVENTS, variables: { after } },
        {
          next({ data }) {
            if (!data) return
            after = data.events.cursor
            events.push(`${data.events.type} ${data.events.identityId}`)
          },
          error: () => resolve(),
          complete: () => resolve(),
        },
      )
    })
  const following = (async () => {
    while (!isOver) await once()
  })()
  return {
    events,
    async stop() {
      isOver = true
      stop()
      await following
    },
  }
}

/** Sessions of the dashboard, each of which is asked for all the time. */
export function watchSessions(
  { ask, redis }: UpgradedSystem,
  admins: readonly string[],
  mailedTo: (email: string) => Promise<string>,
) {
  const sessions: { cookie: string; id: string }[] = []
  const failures: string[] = []
  let looks = 0
  let unavailable = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      for (const { cookie, id } of [...sessions]) {
        const { data, errors } = await ask({ cookie }, '{ answer: viewer { session { id } } }', {})
        const session = data?.answer.session as { id: string } | null | undefined
        looks += 1
        // Builds before 30 November 2026 do not repeat this call when a persistence goes.
        if (errors?.[0]?.extensions?.code === 'SERVICE_UNAVAILABLE') unavailable += 1
        else if (session?.id !== id) failures.push(`session: ${JSON.stringify(data ?? errors)}`)
      }
      await new Promise(setImmediate)
    }
  })()
  return {
    sessions,
    failures,
    counts: () => ({ looks, unavailable }),
    /** Signs another admin in. Resolves with the session's cookie. */
    async signIn(): Promise<string> {
      await redisCommand(redis.port, 'EVAL', FORGET, '0')
      const email = admins[sessions.length] ?? ''
      const asked = await ask({}, ASK_FOR_NUMBER, { email })
      expect(asked.errors).toBeUndefined()
      const number = await mailedTo(email)
      const done = await ask({ cookie: asked.cookies.join('; ') }, SIGN_IN, { number })
      expect(done.data?.answer, JSON.stringify(done.errors)).toMatchObject({ __typename: 'SignedIn' })
      const cookie = done.cookies.find((each) => each.startsWith('emailauth-session=')) ?? ''
      const { id = '' } = (done.data?.answer.session ?? {}) as { id?: string }
      sessions.push({ cookie, id })
      return cookie
    },
    async stop() {
      isOver = true
      await watching
    },
  }
}
