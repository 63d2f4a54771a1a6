import type { EmailauthClient } from '../src/client.ts'

/** A call of the client: what it sends, and what it returns. */
export interface Row {
  readonly call: (client: EmailauthClient) => Promise<unknown>
  /** What it sends, without its idempotency key. */
  readonly sends: object
  /** The data of the reply. */
  readonly data: Readonly<Record<string, unknown>>
  /** Default: the value of the one field in the data. */
  readonly returns?: unknown
}

const page = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }
const endpoint = { id: 'demo.wh_1' }

/** Changes nothing, or carries an idempotency key. */
export const REPEATED: Readonly<Record<string, Row>> = {
  register: {
    call: (client) => client.register({ email: 'a@b.test', token: 't' }),
    sends: { input: { email: 'a@b.test', token: 't' } },
    data: { register: { __typename: 'Registered' } },
  },
  verify: {
    call: (client) => client.verify({ number: '1' }),
    sends: { input: { number: '1' } },
    data: { verify: { __typename: 'Verified' } },
  },
  exchange: {
    call: (client) => client.exchange({ identityId: 'demo.a', result: 'r' }),
    sends: { input: { identityId: 'demo.a', result: 'r' } },
    data: { exchange: { __typename: 'Verified' } },
  },
  statistics: {
    call: (client) =>
      client.statistics({ from: new Date(0), to: '1970-01-02T00:00:00Z', step: 'DAY', tenantId: 'demo' }),
    sends: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-02T00:00:00Z', step: 'DAY', tenantId: 'demo' },
    data: { statistics: { buckets: [] } },
  },
  'statistics until now': {
    call: (client) => client.statistics({ from: '1970-01-01T00:00:00Z' }),
    sends: { from: '1970-01-01T00:00:00Z' },
    data: { statistics: { buckets: [] } },
  },
  eventPage: {
    call: (client) => client.eventPage({ first: 1, types: ['SENT'] }),
    sends: { first: 1, types: ['SENT'] },
    data: { events: page },
  },
  'eventPage of all': { call: (client) => client.eventPage(), sends: {}, data: { events: page } },
  tenants: { call: (client) => client.tenants(), sends: {}, data: { tenants: [] } },
  tenant: {
    call: (client) => client.tenant('demo'),
    sends: { id: 'demo' },
    data: { tenant: { id: 'demo' } },
  },
  identities: {
    call: (client) => client.identities({ first: 2, after: 'c' }),
    sends: { first: 2, after: 'c' },
    data: { identities: page },
  },
  'identities, all': { call: (client) => client.identities(), sends: {}, data: { identities: page } },
  identity: {
    call: (client) => client.identity('demo.a'),
    sends: { id: 'demo.a' },
    data: { identity: null },
  },
  messages: {
    call: (client) => client.messages('DEFERRED', { tenantId: 'demo' }),
    sends: { state: 'DEFERRED', tenantId: 'demo' },
    data: { messages: page },
  },
  messageCounts: {
    call: (client) => client.messageCounts('demo'),
    sends: { tenantId: 'demo' },
    data: { messageCounts: [] },
  },
  suppressions: {
    call: (client) => client.suppressions({ tenantId: 'demo', first: 3 }),
    sends: { tenantId: 'demo', first: 3 },
    data: { suppressions: page },
  },
  addSuppressions: {
    call: (client) => client.addSuppressions('demo', [{ email: 'a@b.test' }]),
    sends: { tenantId: 'demo', addresses: [{ email: 'a@b.test' }] },
    data: { addSuppressions: { added: 1 } },
  },
  mailPreview: {
    call: (client) => client.mailPreview('demo', 'es'),
    sends: { tenantId: 'demo', locale: 'es' },
    data: { mailPreview: null },
  },
  apiKeys: { call: (client) => client.apiKeys('demo'), sends: { tenantId: 'demo' }, data: { apiKeys: [] } },
  sessions: {
    call: (client) => client.sessions(),
    sends: { first: 200 },
    data: { sessionConnection: { ...page, nodes: [{ id: 's' }] } },
    returns: [{ id: 's' }],
  },
  sessionPage: {
    call: (client) => client.sessionPage({ first: 1, after: 'c' }),
    sends: { first: 1, after: 'c' },
    data: { sessionConnection: page },
  },
  'sessionPage, the first': {
    call: (client) => client.sessionPage(),
    sends: {},
    data: { sessionConnection: page },
  },
  viewer: { call: (client) => client.viewer(), sends: {}, data: { viewer: { scope: 'ADMIN' } } },
  'webhooks.list': {
    call: ({ webhooks }) => webhooks.list('demo'),
    sends: { tenantId: 'demo' },
    data: { webhookEndpoints: [endpoint] },
  },
  'webhooks.get': {
    call: ({ webhooks }) => webhooks.get('demo.wh_1'),
    sends: { id: 'demo.wh_1' },
    data: { webhookEndpoint: endpoint },
  },
  'webhooks.attempts': {
    call: ({ webhooks }) => webhooks.attempts({ endpointId: 'demo.wh_1', first: 4 }),
    sends: { endpointId: 'demo.wh_1', first: 4 },
    data: { webhookAttempts: page },
  },
}

/** Takes effect each time. */
export const ONCE: Readonly<Record<string, Row>> = {
  resend: {
    call: (client) => client.resend('demo.a'),
    sends: { input: { identityId: 'demo.a' } },
    data: { resend: { __typename: 'Registered' } },
  },
  revoke: {
    call: (client) => client.revoke('demo.a'),
    sends: { id: 'demo.a' },
    data: { revokeIdentity: true },
  },
  createTenant: {
    call: (client) => client.createTenant({ id: 'demo', name: 'Demo' }),
    sends: { input: { id: 'demo', name: 'Demo' } },
    data: { createTenant: { id: 'demo' } },
  },
  updateTenant: {
    call: (client) => client.updateTenant({ id: 'demo', name: 'D' }),
    sends: { input: { id: 'demo', name: 'D' } },
    data: { updateTenant: null },
  },
  ...Object.fromEntries(
    (['disableTenant', 'enableTenant', 'deleteTenant', 'revokeSession'] as const).map(
      (name): [string, Row] => [
        name,
        { call: (client) => client[name]('x'), sends: { id: 'x' }, data: { [name]: false } },
      ],
    ),
  ),
  revokeApiKey: {
    call: (client) => client.revokeApiKey('x', { alsoMadeByIt: true }),
    sends: { id: 'x', alsoMadeByIt: true },
    data: { revokeApiKey: false },
  },
  createApiKey: {
    call: (client) => client.createApiKey({ scope: 'ADMIN', name: 'k' }),
    sends: { input: { scope: 'ADMIN', name: 'k' } },
    data: { createApiKey: { key: 'ea_k' } },
  },
  rotateApiKey: {
    call: (client) => client.rotateApiKey('k', 60),
    sends: { id: 'k', overlapSeconds: 60 },
    data: { rotateApiKey: { key: 'ea_k' } },
  },
  clearSuppression: {
    call: (client) => client.clearSuppression('demo', 'a@b.test'),
    sends: { tenantId: 'demo', email: 'a@b.test' },
    data: { clearSuppression: true },
  },
  sendTestMail: {
    call: (client) => client.sendTestMail({ tenantId: 'demo', email: 'a@b.test' }),
    sends: { tenantId: 'demo', email: 'a@b.test' },
    data: { sendTestMail: null },
  },
  graphql: {
    call: (client) => client.graphql('query ($a: Int) { b(a: $a) }', { a: 1 }),
    sends: { a: 1 },
    data: { b: 2 },
    returns: { b: 2 },
  },
  'webhooks.create': {
    call: ({ webhooks }) => webhooks.create({ url: 'https://a.test' }),
    sends: { input: { url: 'https://a.test' } },
    data: { createWebhookEndpoint: { endpoint, secret: 's' } },
  },
  'webhooks.update': {
    call: ({ webhooks }) => webhooks.update({ id: 'demo.wh_1', url: 'https://b.test' }),
    sends: { input: { id: 'demo.wh_1', url: 'https://b.test' } },
    data: { updateWebhookEndpoint: { endpoint } },
    returns: endpoint,
  },
  'webhooks.delete': {
    call: ({ webhooks }) => webhooks.delete('demo.wh_1'),
    sends: { input: { id: 'demo.wh_1' } },
    data: { deleteWebhookEndpoint: { deleted: true } },
    returns: true,
  },
  'webhooks.rotateSecret': {
    call: ({ webhooks }) => webhooks.rotateSecret('demo.wh_1', 60),
    sends: { input: { id: 'demo.wh_1', overlapSeconds: 60 } },
    data: { rotateWebhookSecret: { endpoint, secret: 's' } },
    returns: { endpoint, secret: 's' },
  },
  'webhooks.rotateSecret of none': {
    call: ({ webhooks }) => webhooks.rotateSecret('demo.wh_1'),
    sends: { input: { id: 'demo.wh_1' } },
    data: { rotateWebhookSecret: { endpoint: null, secret: null } },
    returns: null,
  },
  'webhooks.replay': {
    call: ({ webhooks }) => webhooks.replay({ endpointId: 'demo.wh_1', eventIds: ['0'] }),
    sends: { input: { endpointId: 'demo.wh_1', eventIds: ['0'] } },
    data: { replayWebhookEvents: { eventIds: ['0'] } },
    returns: ['0'],
  },
  'webhooks.sendTestEvent': {
    call: ({ webhooks }) => webhooks.sendTestEvent('demo.wh_1'),
    sends: { input: { endpointId: 'demo.wh_1' } },
    data: { sendTestEvent: { attempt: { status: 204 } } },
    returns: { status: 204 },
  },
}
