import type { MessageResult } from '@emailauth/contracts/messages'
import { expect, test } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import type { Deliver } from '../delivery/deliver.ts'
import { createMessagesService, type MessagesOptions } from './messages.service.ts'

/** The result of one mail, given to a mailer that takes 10 at once. */
function resultOf(deliver: Pick<Deliver, 'open' | 'now'>): Promise<MessageResult> {
  const options = { deliver, maxOpen: 10, now: Date.now } as unknown as MessagesOptions
  return new Promise((take) => {
    createMessagesService(options).send([aMessage()], 60_000, (_index, result) => take(result))
  })
}

test.each([
  ['with too many mails under way says: again in 2 s', 10, 2],
  ['without its Redis says: again in 5 s', 9, 5],
])('a mailer %s', async (_how, open, retryAfterSeconds) => {
  const now = () => Promise.reject(new Error('Redis does not answer.'))
  expect(await resultOf({ open, now })).toMatchObject({
    problem: { code: 'unavailable', retryAfterSeconds },
  })
})
