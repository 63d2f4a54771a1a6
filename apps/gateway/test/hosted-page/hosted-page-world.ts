import { afterAll, beforeAll } from 'vitest'
import { ask, freshAddress, numberMailedTo, REGISTER, startWorld, type World } from '../world.ts'

export const RETURN = 'https://shop.example.com/back?from=mail'
export const SECOND = 'http://localhost:3000/back'

const EXCHANGE = `mutation ($input: ExchangeInput!) { exchange(input: $input) {
  __typename ... on Verified { identityId email token } ... on Problem { code message } } }`

/** A world for the file that calls this. Two tenants have a page: `shop`, and `bound` with few tries. */
export function hostedPageWorld() {
  // Filled before the first test. `key` is that of the shop.
  const hosted = {} as { world: World; key: string }

  beforeAll(async () => {
    const world = await startWorld()
    hosted.world = world
    const mail = { colour: '#ffcc00', logoUrl: 'https://cdn.example.com/logo.png' }
    const settings = {
      returnUrls: [RETURN, SECOND],
      mailsPerAddress: [{ max: 2, windowSeconds: 3600 }],
      mail,
    }
    await world.persist('/v1/tenants', { id: 'shop', name: 'Shop <b>&', settings })
    await world.persist('/v1/tenants', {
      id: 'bound',
      name: 'Bound',
      settings: {
        verification: 'BOUND',
        boundTries: 2,
        returnUrls: [RETURN],
        missesPerClientIp: { max: 3, windowSeconds: 3600 },
      },
    })
    hosted.key = await world.newKey({ scope: 'tenant', tenantId: 'shop', name: 'tests' })
  })
  afterAll(() => hosted.world?.stop())

  return Object.assign(hosted, {
    async registered(apiKey = hosted.key, email = freshAddress()) {
      const { data } = await ask(hosted.world.app, apiKey, REGISTER, { input: { email, token: 'the token' } })
      const identityId: string = data.register.identityId
      return { email, identityId, number: numberMailedTo(hosted.world.smtp.mails, email) }
    },

    get: (path: string, headers: object = {}) =>
      hosted.world.app.inject({ method: 'GET', url: path, headers: { host: 'localhost', ...headers } }),

    /** Sends a form as a browser does from our own page. */
    post: (path: string, fields: Record<string, string>, headers: object = {}, remoteAddress = '127.0.0.1') =>
      hosted.world.app.inject({
        method: 'POST',
        remoteAddress,
        url: path,
        headers: {
          host: 'localhost',
          origin: 'http://localhost',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        payload: new URLSearchParams(fields).toString(),
      }),

    /** The form to which an act leads back, as the browser asks for it. */
    async followed({ statusCode, headers }: { readonly statusCode: number; readonly headers: object }) {
      const { location } = headers as { readonly location?: string }
      if (statusCode !== 303 || !location?.startsWith('/verify/'))
        throw new Error(`${statusCode} ${location}`)
      return hosted.world.app.inject({ method: 'GET', url: location, headers: { host: 'localhost' } })
    },

    pageOf: (identityId: string, returnTo = RETURN) =>
      `/verify/${identityId}?${new URLSearchParams({ returnTo })}`,

    async exchange(identityId: string | null, result: string | null, apiKey = hosted.key) {
      const { data, errors } = await ask(hosted.world.app, apiKey, EXCHANGE, {
        input: { identityId, result },
      })
      return errors ?? data.exchange
    },
  })
}
