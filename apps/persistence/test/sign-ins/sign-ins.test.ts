import { randomBytes } from 'node:crypto'
import { SIGN_IN_SECONDS, SIGN_IN_TRIES, type SignInRequest } from '@emailauth/contracts/sign-ins'
import { scanKeys } from '@emailauth/redis/scan-keys'
import { createKeyRing } from '@emailauth/secrets/key-ring'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { keys } from '../../src/store/keys.ts'
import { SERVERS } from '../servers.ts'
import { openTestStore, type TestStore } from '../store.ts'

const ADA = 'ada@example.com'
const newId = (bytes: number) => randomBytes(bytes).toString('base64url')

describe.each(SERVERS)('sign-ins on %s', (server) => {
  let it: TestStore
  beforeAll(async () => {
    it = await openTestStore(server)
  })
  afterAll(() => it?.close())
  // After a day nothing counts any more.
  beforeEach(() => {
    it.clock.ms += 2 * 86_400_000
  })

  const request = (changes: Partial<SignInRequest> = {}): SignInRequest => ({
    ticketId: newId(17),
    email: ADA,
    network: '192.0.2.1',
    decoy: false,
    unlessPasskey: false,
    ...changes,
  })
  const begin = async (changes: Partial<SignInRequest> = {}) => {
    const asked = request(changes)
    const reply = await it.store.signIns.begin(asked)
    return { ...asked, reply, number: 'number' in reply ? reply.number : '' }
  }
  const finish = (ticketId: string, number: string, email = ADA) =>
    it.store.signIns.finish({ ticketId, email, number, unlessPasskey: false })
  const other = (number: string) => String((Number(number) + 1) % 10 ** 8).padStart(8, '0')

  // One key for all tests, because the first use of it seals the store's metadata with it.
  const newestKey = randomBytes(32)
  const openRotated = () =>
    openStore({
      redis: it.redis,
      ring: createKeyRing([newestKey, it.secret]),
      now: () => it.clock.ms,
    })

  test('a number is traded once, with its own ticket and address alone', async () => {
    const [one, two] = [await begin(), await begin()]
    expect(one.number).toMatch(/^\d{8}$/)
    expect(await finish(two.ticketId, one.number)).toBe(one.number === two.number)
    expect(await finish(one.ticketId, one.number, 'bob@example.com')).toBe(false)
    expect(await finish(one.ticketId, one.number)).toBe(true)
    expect(await finish(one.ticketId, one.number)).toBe(false)
    const parallel = await begin({ network: '192.0.2.9' })
    const all = await Promise.all(Array.from({ length: 8 }, () => finish(parallel.ticketId, parallel.number)))
    expect(all.filter(Boolean)).toHaveLength(1)
  })

  test('the log of an admin keeps the mails of a day', async () => {
    const email = 'log@example.com'
    const mails = async (ticketId: string) => {
      const logs: string[][] = []
      for await (const found of scanKeys(it.redis, keys.signInLog('*', 'all')))
        logs.push(...(await Promise.all(found.map((key) => it.redis.zrevrange(key, 0, -1)))))
      return logs.find((log) => log.includes(`${ticketId}:0`))
    }
    const first = await begin({ email })
    expect(await mails(first.ticketId)).toHaveLength(1)
    it.clock.ms += 86_400_001
    const second = await begin({ email })
    expect(await mails(second.ticketId)).toEqual([`${second.ticketId}:0`])
  })

  test('a ticket misses and burns its own number alone, and asking again gives no fresh tries', async () => {
    const [thief, ada] = [await begin(), await begin({ network: '192.0.2.2' })]
    for (let i = 0; i < SIGN_IN_TRIES; i++)
      expect(await finish(thief.ticketId, other(thief.number))).toBe(false)
    expect(await finish(thief.ticketId, thief.number)).toBe(false)
    await begin({ ticketId: thief.ticketId })
    expect(await finish(thief.ticketId, thief.number)).toBe(false)
    for (let i = 0; i < SIGN_IN_TRIES - 1; i++) await finish(ada.ticketId, other(ada.number))
    expect(await finish(ada.ticketId, ada.number)).toBe(true)
    expect([SIGN_IN_TRIES, SIGN_IN_SECONDS]).toEqual([5, 600])
  })

  test('a ticket that asks again keeps its number, three mails long, and no longer than before', async () => {
    const first = await begin()
    it.clock.ms += 60_000
    const { ticketId } = first
    expect((await begin({ ticketId })).reply).toEqual({ ...first.reply, mail: 2 })
    expect((await begin({ ticketId })).reply).toEqual({ ...first.reply, mail: 3 })
    expect((await begin({ ticketId, network: '192.0.2.7' })).reply).toEqual({ refused: 'mails' })
    it.clock.ms += SIGN_IN_SECONDS * 1000 - 60_001
    const last = await begin({ network: '192.0.2.3' })
    expect(await finish(ticketId, other(first.number))).toBe(false)
    it.clock.ms += 1
    expect(await finish(ticketId, first.number)).toBe(false)
    expect(await finish(last.ticketId, last.number)).toBe(true)
  })

  test('strangers use up their own budget, of a network and in all, and never that of a known browser', async () => {
    const refusals = async (changes: (at: number) => Partial<SignInRequest>, tries: number) => {
      const replies = []
      for (let at = 0; at < tries; at++) replies.push((await begin(changes(at))).reply)
      return replies.map((reply) => ('refused' in reply ? reply.refused : 'number'))
    }
    const here = await refusals(() => ({ network: '192.0.2.1' }), 6)
    expect(here).toEqual([...Array(4).fill('number'), 'network', 'network'])
    const everywhere = await refusals((at) => ({ network: `198.51.100.${at}` }), 8)
    expect(everywhere).toEqual([...Array(6).fill('number'), 'address', 'address'])
    const device = newId(16)
    const known = await refusals(() => ({ network: '192.0.2.1', device }), 8)
    expect(known).toEqual([...Array(6).fill('number'), 'device', 'device'])
    expect((await begin({ device: newId(16) })).reply).toHaveProperty('number')
    expect((await begin({ email: 'bob@example.com' })).reply).toHaveProperty('number')
    it.clock.ms += 600_001
    expect((await begin()).reply).toHaveProperty('number')
  })

  test('in a day strangers get 12 mails of a network and 40 in all', async () => {
    let mails = 0
    const ask = async (network: string) => {
      if ('number' in (await begin({ network })).reply) mails += 1
    }
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 5; i++) await ask('192.0.2.1')
      it.clock.ms += 601_000
    }
    expect(mails).toBe(12)
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 11; i++) await ask(`203.0.113.${20 * round + i}`)
      it.clock.ms += 601_000
    }
    expect(mails).toBe(40)
  })

  test('a known browser gets 6 mails in ten minutes and 30 in a day', async () => {
    const device = newId(16)
    const mails: number[] = []
    for (let round = 0; round < 6; round++) {
      let sent = 0
      for (let i = 0; i < 7; i++) if ('number' in (await begin({ device })).reply) sent += 1
      mails.push(sent)
      it.clock.ms += 601_000
    }
    expect(mails).toEqual([6, 6, 6, 6, 6, 0])
  })

  const canLook = server === 'redis-server'

  test.runIf(canLook)('a decoy leaves nothing behind', async () => {
    const before = (await it.redis.keys('ea:sign-in:*')).length
    const decoy = await begin({ email: 'eve@example.com', decoy: true })
    expect(decoy.reply).toEqual({ refused: 'decoy' })
    expect((await it.redis.keys('ea:sign-in:*')).length).toBe(before)
  })

  test.runIf(canLook)('nothing lies open in Redis, and every key expires', async () => {
    const { number } = await begin({ network: '198.51.100.77' })
    for (const key of await it.redis.keys('ea:sign-in:*')) {
      expect(key).not.toMatch(/@|198\.51/)
      expect(await it.redis.pttl(key)).toBeGreaterThan(0)
      const dump = await it.redis.dumpBuffer(key)
      for (const planted of [number, 'ada@']) expect(String(dump)).not.toContain(planted)
    }
  })

  test('no passkey is read where having one bars nobody', async () => {
    // Reading the list fails.
    await it.redis.set(keys.passkeys, 'no list')
    try {
      const { ticketId, number } = await begin()
      expect(await finish(ticketId, number)).toBe(true)
      await expect(begin({ unlessPasskey: true })).rejects.toThrow('WRONGTYPE')
    } finally {
      await it.redis.del(keys.passkeys)
    }
  })

  test('a number that was mailed before a key rotation still opens after it', async () => {
    const { ticketId, number } = await begin()
    const rotated = await openRotated()
    expect(await rotated.signIns.finish({ ticketId, email: ADA, number, unlessPasskey: false })).toBe(true)
  })

  test.each([
    ['network', 4, { network: '192.0.2.66' }],
    ['device', 6, { network: '192.0.2.67', device: newId(16) }],
  ])('a key rotation gives no more mails: those of a %s', async (refused, most, changes) => {
    for (let mail = 0; mail < most; mail++) expect((await begin(changes)).reply).toHaveProperty('number')
    const rotated = await openRotated()
    const after = () => rotated.signIns.begin(request(changes))
    expect(await after()).toEqual({ refused })
    it.clock.ms += 600_001
    expect(await after()).toHaveProperty('number')
  })

  test('mails of before the clock was set back do not count', async () => {
    const network = '192.0.2.68'
    const ask = async () => (await begin({ network })).reply
    for (let mail = 0; mail < 4; mail++) await ask()
    expect(await ask()).toEqual({ refused: 'network' })
    it.clock.ms -= 3_600_000
    expect(await ask()).toHaveProperty('number')
  })
})
