/** A program that uses what the package promises; it is compiled and run in every environment. */
const BODY = `
const emailauth = createFakeEmailauth()
const client: EmailauthClient = emailauth
const result = await client.register({ email: 'ada@example.com', token: 'hello' }, { timeoutMs: 1000, signal: new AbortController().signal })
if (result.__typename !== 'Registered') throw new Error(result.message)
const expiresAt: string = result.expiresAt
const number = emailauth.numberFor('ada@example.com') ?? ''
const verified = await client.verify({ number, identityId: result.identityId })
if (verified.__typename !== 'Verified' || verified.token !== 'hello' || expiresAt === '') throw new Error('not verified')
const forbidden = await client.tenants().catch((error: unknown) => error)
if (!(forbidden instanceof EmailauthError) || !(forbidden instanceof ForbiddenError)) throw new Error('two copies of the client')
const refused = await verifyWebhook({ body: '{}', headers: {}, secret: 'whsec_AAAA' }).catch((error: unknown) => error)
if (!(refused instanceof WebhookError)) throw new Error('no WebhookError')
const posted: { readonly body: string; readonly headers: Headers }[] = []
const receiveWebhook: FakeReceiver = async (request) => {
  posted.push({ body: await request.text(), headers: request.headers })
  return new Response(null, { status: 204 })
}
const shop = createFakeEmailauth({ receiveWebhook })
const { endpoint, secret } = await shop.webhooks.create({ url: 'https://shop.example.com/hooks', eventTypes: ['REGISTERED'] })
const ordered = await shop.register({ email: 'grace@example.com', token: 'order' })
await shop.webhooksDelivered()
const [post] = posted
if (ordered.__typename !== 'Registered' || post === undefined || posted.length !== 1) throw new Error('not one post')
const { payload } = await verifyWebhook({ ...post, secret })
if (payload.type !== 'REGISTERED' || payload.data.identityId !== ordered.identityId) throw new Error(post.body)
const forged = await verifyWebhook({ ...post, body: post.body.replace('grace', 'mallory'), secret }).catch((error: unknown) => error)
if (!(forged instanceof WebhookError)) throw new Error('a changed body was accepted')
const state: { readonly waiting: number } | undefined = (await shop.webhooks.list()).find(({ id }) => id === endpoint.id)?.state
if (state?.waiting !== 0) throw new Error('the endpoint has no state')
const real = createClient({ url: URL_OF_GATEWAY, apiKey: 'ea_key', retry: { maxRetries: 0 }, hooks: { onError: ({ operation }) => void operation } })
const fault = await real.viewer().catch((error: unknown) => error)
if (!(fault instanceof EmailauthError) || fault.code !== 'UNREACHABLE' || !fault.message.includes(EXPECTED)) throw fault
const cursors: string[] = []
async function follow() {
  for await (const event of real.events({ after: '0' })) {
    cursors.push(event.cursor)
    if (cursors.length === 2) break
  }
}
const ended = await follow().catch((error: unknown) => error)
// Node 20 has no WebSocket; the error says what to give.
const isRight = 'WebSocket' in globalThis ? ended === undefined && cursors.join() === '1,2' : ended instanceof TypeError
if (!isRight) throw ended ?? new Error(cursors.join())
// @ts-expect-error a token is needed
void (() => client.register({ email: 'ada@example.com' }))
console.log('works')
`
const HEAD = (url: string, expected: string) =>
  `const URL_OF_GATEWAY: string = ${JSON.stringify(url)}\nconst EXPECTED: string = ${JSON.stringify(expected)}\n`
const NAMES =
  'createClient, type EmailauthClient, EmailauthError, ForbiddenError, verifyWebhook, WebhookError'

/**
 * The consumer as an ES module. The client's own fetch is tried at `url`; its error must contain `expected`.
 */
export function consumerModule(url: string, expected: string): string {
  return `import { ${NAMES} } from '@emailauth/client'
import { createFakeEmailauth, type FakeReceiver } from '@emailauth/client/testing'
${HEAD(url, expected)}${BODY}`
}

/** As CommonJS. */
export function consumerCommonJs(url: string, expected: string): string {
  return `import client_ = require('@emailauth/client')
import testing = require('@emailauth/client/testing')
type EmailauthClient = client_.EmailauthClient
type FakeReceiver = testing.FakeReceiver
const { createClient, EmailauthError, ForbiddenError, verifyWebhook, WebhookError } = client_
const { createFakeEmailauth } = testing
${HEAD(url, expected)}async function main() {${BODY}}
main().catch((error: unknown) => { console.error(error); process.exitCode = 1 })
declare const process: { exitCode: number }
`
}
