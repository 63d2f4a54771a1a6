import type { Outbox } from '@emailauth/contracts/webhooks'
import { createScheduler } from '@emailauth/service/tasks/scheduler'
import { eventually } from '@emailauth/testing/eventually'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { handOverEvents } from './hand-over-events.ts'

const ID = 'demo.wh_0000000000000000'
const EVENT = {
  cursor: '000000000001-00000001-demo.00',
  type: 'registered',
  at: '2026-01-01T00:00:00.000Z',
  tenantId: 'busy',
  identityId: null,
  email: null,
  actor: null,
  target: null,
  changes: null,
  relay: null,
  reply: null,
  reason: null,
  requestId: null,
} as const
const BUSY: Outbox = {
  entries: [
    {
      tenantId: 'busy',
      lease: 'l',
      cursor: EVENT.cursor,
      webhooks: [],
      events: [{ event: EVENT, to: ['busy.wh_0000000000000000'] }],
    },
  ],
  deleted: [],
}

test('a failing endpoint is disabled, although another tenant always has events', async () => {
  const disabled: string[] = []
  let looks = 0
  const tasks = handOverEvents({
    persistence: {
      leaseOutbox: async () => BUSY,
      acknowledgeOutbox: async () => {},
      giveUpWebhook: async ({ id }) => void disabled.push(id),
    },
    mailer: {
      handOverWebhooks: async () => {},
      // An endpoint fails only after the first look, while rounds follow each other without a pause.
      webhookFailures: async () => (++looks === 2 ? [{ id: ID, version: 1, reason: 'failing' }] : []),
      acknowledgeWebhookFailures: async () => {},
    },
    registry: new Registry(),
  })
  const scheduler = createScheduler({ logger: undefined })
  for (const task of tasks) scheduler.add({ ...task, everyMs: 10 })
  try {
    await eventually(() => expect(disabled).toEqual([ID]))
  } finally {
    await scheduler.close()
  }
})

test('deleted endpoints are handed over round after round without a pause, until there are no more', async () => {
  const leases: Outbox[] = [
    { entries: [], deleted: [ID] },
    { entries: [], deleted: [] },
  ]
  const [moveEvents] = handOverEvents({
    persistence: {
      leaseOutbox: async () => leases.shift() as Outbox,
      acknowledgeOutbox: async () => {},
      giveUpWebhook: async () => {},
    },
    mailer: {
      handOverWebhooks: async () => {},
      webhookFailures: async () => [],
      acknowledgeWebhookFailures: async () => {},
    },
    registry: new Registry(),
  })
  const round = { signal: new AbortController().signal, leased: () => {}, rest: () => {} }
  expect(await moveEvents?.run(round)).toBe(true)
  expect(await moveEvents?.run(round)).toBe(false)
})
