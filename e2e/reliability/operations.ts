import { randomBytes, randomUUID } from 'node:crypto'
import { altered } from '@emailauth/testing/altered'
import { overRawHttp, overSocket } from './badly.ts'
import { createPageAndRest } from './by-page-and-rest.ts'
import { type Answer, createGatewayClient } from './gateway-client.ts'
import type { SearchedText, Secret } from './hunt.ts'

/** A system under hunt. */
export interface Target {
  readonly url: string
  readonly adminKey: string
  /** The number in the newest mail to an address. */
  numberMailedTo(email: string): Promise<string>
  /** What happens while the external server goes on calling: services that die, servers that refuse. */
  faults(call: () => Promise<Answer[]>): Promise<Answer[]>
}

const CREATE_TENANT = `mutation ($id: ID!, $settings: TenantSettingsInput!) {
  createTenant(input: { id: $id, name: "Hunt", settings: $settings }) { id } }`
const CREATE_KEY = `mutation ($id: ID!) {
  createApiKey(input: { name: "hunt", tenantId: $id }) { key apiKey { id } } }`

const CLIENT_IP = '203.0.113.177'

/**
 * Runs every operation, with success and with failure, using recognisable secrets. Returns the secrets, and
 * the replies that must contain none of them: all but successes.
 */
export async function doEverything(target: Target): Promise<{ secrets: Secret[]; replies: SearchedText[] }> {
  const gateway = createGatewayClient(target.url)
  const secrets: Secret[] = [{ name: 'client IP', value: CLIENT_IP, guessable: true }]
  const replies: SearchedText[] = []
  const plant = (name: string, value: string, guessable = false) => {
    secrets.push({ name, value, guessable })
    return value
  }
  const keep = (what: string, answer: Answer) => {
    if (!['Verified', 'Registered', 'data'].includes(answer.kind))
      replies.push({ name: `reply to ${what}`, content: answer.text })
    return answer
  }
  const email = (name: string) =>
    plant(`address (${name})`, `Planted.${randomBytes(8).toString('hex')}@example.com`, true)
  const token = (name: string) => plant(`token (${name})`, `token <${randomBytes(12).toString('hex')}> "&"`)
  const bogusKey = plant(
    'API key (unknown)',
    `ea_${'0'.repeat(12)}_${randomBytes(24).toString('base64url')}000000`,
  )

  try {
    const tenantId = `hunt-${randomBytes(4).toString('hex')}`
    const settings = {
      mailsPerAddress: [{ max: 100, windowSeconds: 60 }],
      returnUrls: ['https://shop.example/back'],
    }
    expectKind(await gateway.ask(target.adminKey, CREATE_TENANT, { id: tenantId, settings }), 'data')
    const made = expectKind(await gateway.ask(target.adminKey, CREATE_KEY, { id: tenantId }), 'data')
    const key = plant('API key (made)', JSON.parse(made.text).data.createApiKey.key)
    plant('admin key', target.adminKey)

    const register = async (name: string, more: object = {}) => {
      const to = email(name)
      const input = { email: to, token: token(name), clientIp: CLIENT_IP, locale: 'es', ...more }
      const { identityId } = expectKind(await gateway.register(key, input), 'Registered')
      return {
        email: to,
        identityId,
        number: plant(`number (${name})`, await target.numberMailedTo(to), true),
      }
    }
    const verify = async (what: string, input: object) =>
      keep(what, await gateway.verify(key, { clientIp: CLIENT_IP, ...input }))

    // What goes well.
    const verified = await register('verified', { idempotencyKey: randomUUID() })
    const idempotencyKey = randomUUID()
    for (let i = 0; i < 2; i++) {
      expectKind(await verify('verify', { number: verified.number, idempotencyKey }), 'Verified')
    }
    const replaced = await register('replaced')
    const anew = { email: replaced.email, token: token('after replacing') }
    expectKind(await gateway.register(key, anew), 'Registered')
    plant('number (after replacing)', await target.numberMailedTo(replaced.email), true)
    const resent = await register('resent')
    expectKind(await gateway.resend(key, resent.identityId), 'Registered')
    const revoked = await register('revoked')
    await gateway.ask(key, `mutation { revokeIdentity(id: "${revoked.identityId}") }`)
    const live = await register('live')
    await gateway.identityOf(key, live.email)

    // What is refused.
    const typed = plant('number (never given)', '918273645546', true)
    await verify('a used number', { number: verified.number })
    await verify('a replaced number', { number: replaced.number })
    await verify('a revoked number', { number: revoked.number })
    await verify('an unknown number', { number: typed })
    await verify('a number with letters', { number: `x${live.number}` })
    await verify('a number with another address', { number: live.number, email: resent.email })
    await verify('a number with another identity', { number: live.number, identityId: resent.identityId })
    await verify('a name used twice', { number: live.number, idempotencyKey })
    await verify('a huge number', { number: live.number.repeat(40) })
    await verify('a client IP that is none', { number: live.number, clientIp: `${CLIENT_IP}.${live.number}` })
    for (const [what, bad] of [
      ['an empty token', { email: live.email, token: '' }],
      ['a huge token', { email: live.email, token: token('huge').repeat(200) }],
      [
        'a line break in the address',
        { email: `${live.email}\r\nBcc: ${resent.email}`, token: token('CRLF') },
      ],
      ['no address', { email: `@${live.email}@`, token: token('no address') }],
      ['a locale that is none', { email: live.email, token: token('locale'), locale: live.email }],
      [
        'a name that is none',
        { email: live.email, token: token('name'), idempotencyKey: `${live.number} ü` },
      ],
      ['a token of the wrong type', { email: live.email, token: { secret: token('type') } }],
      ['a field too many', { email: live.email, token: token('extra'), phone: live.number }],
    ] as const) {
      keep(what, await gateway.register(key, bad))
    }
    const written = `mutation { verify(input: { number: "${live.number}", email: "${live.email}"`
    for (const [what, document] of [
      ['a broken document', written],
      ['a literal of the wrong type', `${written}, clientIp: 5, no: "${typed}" }) { __typename } }`],
      ['an unknown field', `${written} }) { number } }`],
      [
        'two guarded fields',
        `${written} }) { __typename } b: verify(input: { number: "${typed}" }) { __typename } }`,
      ],
      ['a string that does not end', `${written}, no: "${typed}`],
    ] as const) {
      keep(what, await gateway.ask(key, document))
    }
    const subscribed = `subscription { events(after: "${live.number}"`
    for (const [what, document, variables] of [
      ['a broken document', `${subscribed} { type } }`, {}],
      ['a string that does not end', `subscription { events(after: "${typed}`, {}],
      ['a literal of the wrong type', `${subscribed}, types: ["${typed}"]) { type } }`, {}],
      ['an unknown field', `${subscribed}) { number } }`, {}],
      ['a mutation', `${written} }) { __typename } }`, {}],
      ['a wrong variable', 'subscription ($a: String) { events(after: $a) { type } }', { a: [live.number] }],
      ['a wrong cursor', 'subscription ($a: String) { events(after: $a) { type } }', { a: live.email }],
    ] as const) {
      replies.push(await overSocket(target.url, key, what, { query: document, variables }))
    }
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`
    const json = `${head}Connection: close\r\nContent-Type: application/json\r\n`
    const broken = `{"n":${live.number}`
    for (const [what, bytes] of [
      ['a header that is none', `${head}${live.number}\r\n\r\n`],
      ['two lengths', `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n${live.number}`],
      ['two keys', `${head}Authorization: Bearer ${typed}\r\nConnection: close\r\n\r\n`],
      ['a body that is no JSON', `${json}Content-Length: ${broken.length}\r\n\r\n${broken}`],
    ] as const) {
      replies.push(await overRawHttp(target.url, what, bytes))
    }
    for (const wrong of [bogusKey, key.slice(0, -1), `${key}${typed}`, `${key} ${typed}`]) {
      keep('a wrong API key', await gateway.ask(wrong, '{ viewer { scope } }'))
    }
    keep('an admin key that registers', await gateway.register(target.adminKey, anew))

    // The hosted page, the exchange and REST.
    const { typeOnPage, rest, replies: ofPageAndRest } = createPageAndRest(target.url, key)
    const paged = await register('typed on the page')
    await typeOnPage('a wrong number on the page', paged.identityId, typed)
    await typeOnPage('a huge number on the page', paged.identityId, paged.number.repeat(40))
    await typeOnPage('an unknown identity on the page', altered(paged.identityId), paged.number)
    const result = await typeOnPage('the number on the page', paged.identityId, paged.number)
    if (result === undefined) throw new Error('The page gave no result.')
    const { identityId } = paged
    plant('result of the page', result)
    const strange = plant('result (never given)', randomBytes(32).toString('base64url'))
    await typeOnPage('a used number on the page', identityId, paged.number)
    await rest('a result that is none', '/v1/exchanges', { identityId, result: strange })
    await rest('a result for another identity', '/v1/exchanges', { identityId: live.identityId, result })
    const exchanged = await rest('an exchange', '/v1/exchanges', { identityId, result })
    if (exchanged !== 200) throw new Error(`The exchange was answered with ${exchanged}.`)
    await rest('a used result', '/v1/exchanges', { identityId, result })
    await rest('a wrong number by REST', '/v1/verifications', { number: typed, email: live.email })
    await rest('a number of the wrong type by REST', '/v1/verifications', { number: [live.number] })
    await rest('a body that is no JSON by REST', '/v1/verifications', `{"number":${live.number}`)
    await rest('a token of the wrong type by REST', '/v1/registrations', {
      email: live.email,
      token: { secret: token('type, by REST') },
    })
    replies.push(...ofPageAndRest)

    // What fails.
    const during = await target.faults(async () => {
      const number = live.number
      const named = { number, idempotencyKey: randomUUID() }
      return [
        await gateway.verify(key, named),
        await gateway.register(key, { email: email('in a fault'), token: token('in a fault') }),
        await gateway.resend(key, resent.identityId),
        await gateway.ask(key, 'query ($e: String!) { identities(filter: { email: $e }) { nodes { id } } }', {
          e: live.email,
        }),
      ]
    })
    for (const answer of during) keep('a call in a fault', answer)
    return { secrets, replies }
  } finally {
    await gateway.close()
  }
}

function expectKind(answer: Answer, kind: string): Answer {
  if (answer.kind !== kind) throw new Error(`${kind} was expected, but came: ${answer.text}`)
  return answer
}
