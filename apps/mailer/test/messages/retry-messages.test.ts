import { type Message, RETRIES_MAX } from '@emailauth/contracts/messages'
import { eventually } from '@emailauth/testing/eventually'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { createRetryMessages } from '../../src/messages/retry-messages.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer } from '../running-mailer.ts'

let smtp: TestSmtp
let mailer: RunningMailer
freshMailerForEachTest((fresh) => {
  ;({ smtp, mailer } = fresh)
})

const page = async (state: string) =>
  (await mailer.get(`/v1/messages?state=${state}`)).json().messages as Message[]
const retry = async (body: object) => (await mailer.post('/v1/messages/retries', body)).json()

/** Sends this many mails that the relay defers. */
async function defer(many: number) {
  smtp.script.rcptTo = () => ({ code: 450, text: '4.7.1 later' })
  const messages = Array.from({ length: many }, () => aMessage())
  await Promise.all(messages.map((message) => mailer.send(message)))
  await eventually(async () => expect(await page('deferred')).toHaveLength(many))
  smtp.script.rcptTo = () => undefined
  return messages
}

test('one that waits is tried now; the others keep their time', async () => {
  const [first] = await defer(2)
  expect(await retry({ identityIds: [first?.identityId, 'demo.AGhV3kq1x0oJ2mN7bQd5t1X'] })).toEqual({
    retried: 1,
  })
  await eventually(async () =>
    expect((await page('sent')).map(({ identityId }) => identityId)).toEqual([first?.identityId]),
  )
})

test("all of a tenant's are tried now, and nobody else's", async () => {
  const messages = await defer(3)
  expect(await retry({ tenantId: 'other' })).toEqual({ retried: 0 })
  expect(await retry({ tenantId: messages[0]?.tenantId })).toEqual({ retried: 3 })
  await eventually(async () => expect(await page('sent')).toHaveLength(3))
  expect(await retry({})).toEqual({ retried: 0 })
})

test('more than one call may try: the next call goes on behind those that are tried already', async () => {
  const names = Array.from({ length: 12_000 }, (_, at) => ({ identityId: `demo.${at}`, messageId: `${at}` }))
  const waiting = new Set(names)
  const retryAll = createRetryMessages(
    { findNewest: async () => undefined },
    {
      async page(_state, { first, after = '0' }) {
        const end = Number(after) + first
        return {
          names: names.slice(Number(after), end),
          cursors: [],
          next: end < names.length ? `${end}` : null,
        }
      },
    },
    { promoteThese: async (some) => some.filter((name) => waiting.delete(name as never)).length },
  )
  const counts = []
  for (let call = 0; call < 11; call++) counts.push(await retryAll({}))
  // A retry of all looks at no more than 10,000 messages.
  expect(counts).toEqual([...Array(10).fill(RETRIES_MAX), 0])
})
