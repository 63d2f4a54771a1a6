import { Pool } from 'undici'

/** The outcome: the union member's name, an error code, or `NO_REPLY` when the connection ended first. */
export interface Answer {
  readonly kind: string
  /** From the call to the end of the reply. */
  readonly ms: number
  readonly identityId: string
  readonly token: string
  readonly delivery: string
  /** The reply as it came. */
  readonly text: string
}

/** An external server's connection to one gateway: kept alive, one request a socket at a time. */
export interface GatewayClient {
  register(key: string, input: object): Promise<Answer>
  verify(key: string, input: object): Promise<Answer>
  resend(key: string, identityId: string): Promise<Answer>
  /** The id of the live identity of an address; undefined when there is none. */
  identityOf(key: string, email: string): Promise<string | undefined>
  /** Any document; `kind` is `data` unless there were errors. */
  ask(key: string | undefined, query: string, variables?: object): Promise<Answer>
  close(): Promise<void>
}

const REGISTER = `mutation ($input: RegisterInput!) { answer: register(input: $input) {
  __typename ... on Registered { identityId delivery } ... on Problem { code message } } }`
const VERIFY = `mutation ($input: VerifyInput!) { answer: verify(input: $input) {
  __typename ... on Verified { identityId token } ... on Problem { code message } } }`
const RESEND = `mutation ($input: ResendInput!) { answer: resend(input: $input) {
  __typename ... on Registered { identityId delivery } ... on Problem { code message } } }`
const IDENTITIES = `query ($email: String!) { identities(filter: { email: $email }) { nodes { id } } }`

/** @param timeoutMs of connecting, and of an answer. */
export function createGatewayClient(url: string, connections = 64, timeoutMs = 20_000): GatewayClient {
  const timeouts = { connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
  const pool = new Pool(url, { connections, ...timeouts })

  async function ask(key: string | undefined, query: string, variables?: object): Promise<Answer> {
    const startedAt = performance.now()
    const answer = (kind: string, text: string, member: object = {}) =>
      ({
        identityId: '',
        token: '',
        delivery: '',
        ...member,
        kind,
        text,
        ms: performance.now() - startedAt,
      }) satisfies Answer
    try {
      const { body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ query, variables }),
      })
      const text = await body.text()
      const { data, errors } = JSON.parse(text)
      if (errors !== undefined) return answer(errors[0].extensions.code, text)
      return answer(data.answer?.__typename ?? 'data', text, data.answer)
    } catch (error) {
      return answer('NO_REPLY', String(error))
    }
  }

  return {
    ask,
    register: (key, input) => ask(key, REGISTER, { input }),
    verify: (key, input) => ask(key, VERIFY, { input }),
    resend: (key, identityId) => ask(key, RESEND, { input: { identityId } }),
    async identityOf(key, email) {
      const { kind, text } = await ask(key, IDENTITIES, { email })
      if (kind !== 'data') throw new Error(text)
      return JSON.parse(text).data.identities.nodes[0]?.id
    },
    close: () => pool.destroy(),
  }
}

/** Whether the call was answered; if not, whether it took effect is unknown, and it may be asked again. */
export function isAnswered({ kind }: Answer): boolean {
  return kind !== 'SERVICE_UNAVAILABLE' && kind !== 'NO_REPLY'
}
