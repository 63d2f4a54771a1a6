import { expect, test } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import { createMessageLookup } from './message-lookup.ts'

test.each([
  [undefined, 5],
  ['temporary', 25],
] as const)(
  'a page of which all is left out, with reason %s, ends after %i rounds',
  async (reason, rounds) => {
    let asked = 0
    // Each name is of a message that another state has by now.
    const index = {
      page: async () => ({ names: [aMessage()], cursors: ['c'], next: String(++asked) }),
    }
    const store = { find: async () => undefined, findNewest: async () => undefined }
    const page = await createMessageLookup(store, index).inState('deferred', { reason, first: 1 })
    expect(page).toEqual({ messages: [], cursors: [], next: String(rounds) })
  },
)
