import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'

/** Samples of each kind. Only `npm run timings` measures; sign-in-mails.test.ts tests the equal structure. */
const MANY = 300
/** Before strangers made the same stir as admins, the request after one took three times as long. */
const MOST_APART = 1.4

const REQUEST = 'mutation ($email: String!) { requestSignIn(email: $email) }'
const SIGN_IN = 'mutation ($number: String!) { signIn(number: $number) { __typename } }'
const NOTHING = '{ __typename }'

const admins = Array.from({ length: MANY }, (_, at) => `admin-${String(at).padStart(4, '0')}@example.com`)
const strangers = admins.map((email) => email.replace('admin', 'guest'))

const isTiming = process.env.EMAILAUTH_TIMINGS === '1'

let world: World
let url: string
beforeAll(async () => {
  if (!isTiming) return
  world = await startWorld({}, { adminEmails: admins, signInDelayMs: undefined })
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => world?.stop())

/** A browser with its own connection and address, so that no per-client limit applies. */
function browser(at: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const localAddress = `127.0.${1 + Math.floor(at / 200)}.${1 + (at % 200)}`
  let cookie = ''
  return {
    /** Microseconds from the first byte of the question to the last one of the answer. */
    async ask(query: string, variables: object = {}): Promise<number> {
      const began = process.hrtime.bigint()
      const headers = { 'content-type': 'application/json', cookie }
      const options = { method: 'POST', agent, localAddress, headers }
      const response = await new Promise<IncomingMessage>((done, failed) => {
        const call = httpRequest(`${url}/graphql`, options, done)
        call.on('error', failed)
        call.end(JSON.stringify({ query, variables }))
      })
      const answer = await text(response)
      const micros = Number(process.hrtime.bigint() - began) / 1000
      expect(answer).not.toContain('"errors"')
      cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? cookie
      return micros
    },
    close: () => agent.destroy(),
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test.runIf(isTiming)(
  'neither the answer, nor the one after it, nor a wrong number reveals by its time who is an admin',
  async () => {
    const times = { request: [[], []], after: [[], []], wrong: [[], []] } as Record<
      string,
      [number[], number[]]
    >
    for (let at = 0; at < MANY; at++) {
      // In turns, so that whatever else the machine does hits both alike.
      const turns = at % 2 === 0 ? [0, 1] : [1, 0]
      for (const who of turns) {
        const email = (who === 0 ? admins : strangers)[at]
        const { ask, close } = browser(2 * at + who)
        await ask(NOTHING)
        times.request?.[who]?.push(await ask(REQUEST, { email }))
        times.after?.[who]?.push(await ask(NOTHING))
        times.wrong?.[who]?.push(await ask(SIGN_IN, { number: '00000000' }))
        close()
      }
    }
    const medians = Object.entries(times).map(([what, pair]) => [what, ...pair.map(median)] as const)
    console.info('median µs: admin, stranger', medians)
    for (const [what, admin = 0, stranger = 0] of medians) {
      expect(Math.max(admin, stranger) / Math.min(admin, stranger), what).toBeLessThan(MOST_APART)
    }
  },
)
