import { MAX_NEW, MAX_POOLED } from '@emailauth/rpc/client/http/connections'
import { documentedBounds } from '@emailauth/testing/documented-bounds'
import { expect, test } from 'vitest'
import { MOST_KEYS } from '../../src/access/caller.ts'
import { MOST_SESSIONS } from '../../src/auth/sessions.ts'
import { WAITING, WAITING_PER_DEVICE, WAITING_PER_NETWORK } from '../../src/auth/sign-in-mails.ts'
import { gatewayEnvironment } from '../../src/config.ts'
import { MAX_CONNECTIONS } from '../../src/create-http-app.ts'
import { CATCH_UP_RATE } from '../../src/events/catch-up-turns.ts'
import { MOST_CHANNELS } from '../../src/events/event-feed.ts'
import { TENANTS_RATE } from '../../src/graphql/documents/document-budgets.ts'
import { MOST_DOCUMENTS } from '../../src/graphql/documents/document-store.ts'
import { STRANGERS_RATE } from '../../src/graphql/documents/new-documents.ts'
import { READ_LIMITS } from '../../src/graphql/limits/read-limits.ts'
import { PAGE_RATE } from '../../src/hosted-page/hosted-page.routes.ts'
import { SLOW_CALLS_OF_A_TENANT, SLOW_CONNECTIONS } from '../../src/services/mailer/slow-calls.ts'
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.ts'
import { MOST_TENANTS } from '../../src/tenants/tenant-directory.ts'

test('docs/deployment/processes.md lists what each process of the gateway bounds by itself', async () => {
  const sockets = SOCKET_LIMITS
  expect(gatewayEnvironment.EMAILAUTH_MAX_CONNECTIONS.parse(undefined)).toBe(MAX_CONNECTIONS)
  for (const { windowMs } of [PAGE_RATE, STRANGERS_RATE]) expect(windowMs).toBe(60_000)
  expect(sockets.handshakes.windowMs).toBe(10_000)
  expect(await documentedBounds('gateway')).toEqual({
    'connections (`EMAILAUTH_MAX_CONNECTIONS`); of one address': [MAX_CONNECTIONS, MAX_CONNECTIONS / 4],
    'WebSockets; of one address; of one tenant or admin key; of one session': [
      sockets.sockets,
      sockets.socketsPerAddress,
      sockets.socketsPerTenant,
      sockets.socketsPerSession,
    ],
    'new WebSockets of one address, in 10 s': [sockets.handshakes.most],
    'subscriptions; of one tenant or admin key; of one session': [
      sockets.subscriptions,
      sockets.subscriptionsPerTenant,
      sockets.subscriptionsPerSession,
    ],
    'subscriptions that one tenant, admin key or session begins at once; in a second': [
      sockets.beginnings.saved,
      sockets.beginnings.perSecond,
    ],
    'messages on all sockets of one tenant, admin key or session at once; in a second': [
      sockets.messages.saved,
      sockets.messages.perSecond,
    ],
    'tenants whose live events are followed': [MOST_CHANNELS],
    'pages of missed events for all readers of one tenant at once; in a second': [
      CATCH_UP_RATE.saved,
      CATCH_UP_RATE.perSecond,
    ],
    'reads of lists at a time; of one tenant, admin key or session; of one that wait': [
      READ_LIMITS.atOnce,
      READ_LIMITS.perCaller,
      READ_LIMITS.waitingPerCaller,
    ],
    'tests of a webhook, a mail or a relay at a time, of one tenant; in all, to each mailer': [
      SLOW_CALLS_OF_A_TENANT,
      SLOW_CONNECTIONS,
    ],
    'sign-in mails that wait; of one client network; of one known browser': [
      WAITING,
      WAITING_PER_NETWORK,
      WAITING_PER_DEVICE,
    ],
    'requests of one client to the hosted page, in a minute': [PAGE_RATE.most],
    'new documents of one client without a key or session, in a minute': [STRANGERS_RATE.most],
    'new documents of one tenant at once; in a second': [TENANTS_RATE.saved, TENANTS_RATE.perSecond],
    'connections for calls to each persistence or mailer; new ones at once': [MAX_POOLED, MAX_NEW],
    'remembered keys; sessions; tenants; documents': [MOST_KEYS, MOST_SESSIONS, MOST_TENANTS, MOST_DOCUMENTS],
  })
})
