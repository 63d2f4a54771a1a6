import type { ReadLane } from '@emailauth/service/http/read-lane'
import { expect, test } from 'vitest'
import { LOOKED_UP_AT_ONCE } from '../../src/messages/message-lookup.ts'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redisUrl: string
let smtpUrl: string
freshMailerForEachTest(({ mailer: _, ...fresh }) => {
  redisUrl = fresh.redis.url
  smtpUrl = fresh.smtp.url
})

/** A mailer whose read lane records its calls. */
async function watched(use: (mailer: RunningMailer, seen: string[]) => Promise<void>) {
  const seen: string[] = []
  const lane: ReadLane = {
    run(read) {
      seen.push('read')
      return read()
    },
    first(call) {
      return (...args) => {
        seen.push('first')
        return call(...args)
      }
    },
  }
  const mailer = await runMailer(redisUrl, smtpUrl, { lane })
  try {
    await use(mailer, seen)
  } finally {
    await mailer.close()
  }
}

test('lists, statistics and long look-ups wait in the read lane; short look-ups and mails do not', async () => {
  await watched(async (mailer, seen) => {
    const ids = (count: number) => Array.from({ length: count }, () => aMessage().identityId).join(',')
    const of = async (path: string) => {
      seen.splice(0)
      expect((await mailer.get(path)).statusCode).toBe(200)
      return seen
    }
    expect(await of('/v1/messages?state=sent')).toEqual(['read'])
    expect(await of('/v1/messages/counts?tenantId=demo')).toEqual(['read'])
    expect(await of('/v1/suppressions?tenantId=demo')).toEqual(['read'])
    expect(LOOKED_UP_AT_ONCE).toBe(25)
    expect(await of(`/v1/messages?ids=${ids(26)}`)).toEqual(['read'])
    expect(await of(`/v1/messages?ids=${ids(25)}`)).toEqual([])
    await mailer.send(aMessage())
    await mailer.post('/v1/messages/drops', { identityIds: [aMessage().identityId] })
    expect(seen).toEqual(['first', 'first'])
  })
})
