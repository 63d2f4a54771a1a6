import { eventually } from '@emailauth/testing/eventually'
import { expect, test } from 'vitest'
import type { EmailauthClient, EmailauthEvent } from '../src/client.ts'

/** A client, and the mailbox of everybody. */
interface Subject {
  readonly client: EmailauthClient
  numberFor(email: string): Promise<string | undefined> | string | undefined
}

/** What events do, at the real gateway and at the fake. */
export function eventContract(subject: () => Subject, freshAddress: () => string): void {
  test('events come as they happen, and go on behind a cursor', async () => {
    const { client, numberFor } = subject()
    const email = freshAddress()
    const registered = await client.register({ email, token: 't' })
    if (registered.__typename !== 'Registered') throw new Error(registered.message)
    await client.verify({ number: (await numberFor(email)) ?? '', identityId: registered.identityId })
    const seen: EmailauthEvent[] = []
    const until = async (after: string, type: string) => {
      for await (const event of client.events({ after, types: ['REGISTERED', 'VERIFIED'] })) {
        if (event.identityId !== registered.identityId) continue
        seen.push(event)
        if (event.type === type) return event.cursor
      }
      return ''
    }
    await until(await until('0', 'REGISTERED'), 'VERIFIED')
    expect(seen.map(({ type }) => type)).toEqual(['REGISTERED', 'VERIFIED'])
    expect(seen[0]?.email).toBe(email)
    // When the mail was sent is reported by a call of its own, so it may come last, and a little later.
    await eventually(async () => {
      const page = await client.eventPage({ identityId: registered.identityId })
      expect(page.nodes.map(({ type }) => type).sort()).toEqual(['REGISTERED', 'SENT', 'VERIFIED'])
    })
  })

  test('following ends by its signal, also while it waits', async () => {
    const { client } = subject()
    await client.register({ email: freshAddress(), token: 't' })
    const later = new AbortController()
    const following = client.events({ after: '0', types: ['REGISTERED'], signal: later.signal })
    await following.next()
    const rest = (async () => {
      for await (const _event of following) setTimeout(() => later.abort())
      return 'ended'
    })()
    later.abort()
    expect(await rest).toBe('ended')
    const stop = new AbortController()
    const events = subject().client.events({ signal: stop.signal })
    const next = events.next()
    stop.abort()
    expect(await next).toMatchObject({ done: true })
  })
}
