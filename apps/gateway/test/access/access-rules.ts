/** What a caller gets who is let in, and who names what belongs to another tenant. */
export interface AccessRule {
  /** `$foreign` stands for an identity of another tenant, `$webhook` for a webhook endpoint of it. */
  readonly document: string
  /** Who is let in. ANYONE: also without a key. SESSION: an admin who has signed in, with no key. */
  readonly may: 'TENANT' | 'ADMIN' | 'SESSION' | 'ANY_KEY' | 'ANYONE'
  /**
   * The same field, asked with a tenant's key for another tenant's record. It gives an error code, or the
   * data of a record that does not exist. Absent: the field names no tenant's record, or is for admins only.
   */
  readonly foreign?: { readonly document: string; readonly gives: string | object | boolean | null }
}

/** Every root field of the schema; a field without a row fails the test. */
export const ACCESS_RULES: Readonly<Record<string, AccessRule>> = {
  'Mutation.register': {
    document: 'mutation { register(input: { email: "x@example.com", token: "t" }) { __typename } }',
    may: 'TENANT',
  },
  'Mutation.verify': {
    document: 'mutation { verify(input: { number: "1" }) { __typename } }',
    may: 'TENANT',
    foreign: {
      document:
        'mutation { verify(input: { number: "123456789012", identityId: "$foreign" }) { __typename } }',
      gives: { __typename: 'WrongCredentials' },
    },
  },
  'Mutation.exchange': {
    document: 'mutation { exchange(input: { identityId: "x", result: "x" }) { __typename } }',
    may: 'TENANT',
    foreign: {
      document: 'mutation { exchange(input: { identityId: "$foreign", result: "x" }) { __typename } }',
      gives: { __typename: 'WrongCredentials' },
    },
  },
  'Mutation.resend': {
    document: 'mutation { resend(input: { identityId: "x" }) { __typename } }',
    may: 'ANY_KEY',
    foreign: {
      document: 'mutation { resend(input: { identityId: "$foreign" }) { __typename } }',
      gives: { __typename: 'IdentityNotFound' },
    },
  },
  'Mutation.revokeIdentity': {
    document: 'mutation { revokeIdentity(id: "x") }',
    may: 'ANY_KEY',
    foreign: { document: 'mutation { revokeIdentity(id: "$foreign") }', gives: false },
  },
  'Mutation.createTenant': {
    document: 'mutation { createTenant(input: { id: "made-here", name: "x" }) { id } }',
    may: 'ADMIN',
  },
  'Mutation.updateTenant': {
    document: 'mutation { updateTenant(input: { id: "nobody" }) { id } }',
    may: 'ADMIN',
  },
  'Mutation.disableTenant': { document: 'mutation { disableTenant(id: "nobody") { id } }', may: 'ADMIN' },
  'Mutation.enableTenant': { document: 'mutation { enableTenant(id: "nobody") { id } }', may: 'ADMIN' },
  'Mutation.deleteTenant': { document: 'mutation { deleteTenant(id: "nobody") }', may: 'ADMIN' },
  'Mutation.createApiKey': {
    document: 'mutation { createApiKey(input: { name: "x", tenantId: "demo" }) { key } }',
    may: 'ADMIN',
  },
  'Mutation.rotateApiKey': {
    document: 'mutation { rotateApiKey(id: "000000000000") { key } }',
    may: 'ADMIN',
  },
  'Mutation.revokeApiKey': { document: 'mutation { revokeApiKey(id: "000000000000") }', may: 'ADMIN' },
  'Mutation.requestSignIn': {
    document: 'mutation { requestSignIn(email: "eve@example.com") }',
    may: 'ANYONE',
  },
  'Mutation.signIn': { document: 'mutation { signIn(number: "12345678") { __typename } }', may: 'ANYONE' },
  'Mutation.signOut': { document: 'mutation { signOut }', may: 'ANYONE' },
  'Mutation.revokeSession': { document: 'mutation { revokeSession(id: "0000000000000000") }', may: 'ADMIN' },
  'Query.passkeyConnection': { document: '{ passkeyConnection { nodes { id } } }', may: 'ADMIN' },
  'Query.sessionConnection': { document: '{ sessionConnection { nodes { id } } }', may: 'ADMIN' },
  'Query.tenantConnection': { document: '{ tenantConnection { nodes { id } } }', may: 'ADMIN' },
  'Query.apiKeyConnection': { document: '{ apiKeyConnection { nodes { id } } }', may: 'ADMIN' },
  'Query.passkeys': { document: '{ passkeys { id } }', may: 'ADMIN' },
  'Mutation.beginAddPasskey': { document: 'mutation { beginAddPasskey }', may: 'SESSION' },
  'Mutation.addPasskey': {
    document: 'mutation { addPasskey(name: "x", response: "{}") { __typename } }',
    may: 'SESSION',
  },
  'Mutation.renamePasskey': {
    document: 'mutation { renamePasskey(id: "x", name: "x") { id } }',
    may: 'ADMIN',
  },
  'Mutation.removePasskey': { document: 'mutation { removePasskey(id: "x") }', may: 'SESSION' },
  'Mutation.beginPasskeySignIn': { document: 'mutation { beginPasskeySignIn }', may: 'ANYONE' },
  'Mutation.signInWithPasskey': {
    document: 'mutation { signInWithPasskey(response: "{}") { __typename } }',
    may: 'ANYONE',
  },
  'Query.identities': {
    document: '{ identities { totalCount } }',
    may: 'ANY_KEY',
    foreign: { document: '{ identities(filter: { tenantId: "demo" }) { totalCount } }', gives: 'FORBIDDEN' },
  },
  'Query.identity': {
    document: '{ identity(id: "x") { id } }',
    may: 'ANY_KEY',
    foreign: { document: '{ identity(id: "$foreign") { id } }', gives: null },
  },
  'Query.viewer': { document: '{ viewer { scope } }', may: 'ANY_KEY' },
  'Query.tenant': {
    document: '{ tenant(id: "nobody") { id } }',
    may: 'ANY_KEY',
    foreign: { document: '{ tenant(id: "demo") { id } }', gives: null },
  },
  'Query.tenants': { document: '{ tenants { id } }', may: 'ADMIN' },
  'Query.apiKeys': { document: '{ apiKeys { id } }', may: 'ADMIN' },
  'Query.sessions': { document: '{ sessions { id } }', may: 'ADMIN' },
  'Query.events': {
    document: '{ events(first: 1) { nodes { type } } }',
    may: 'ANY_KEY',
    foreign: { document: '{ events(tenantId: "demo") { nodes { type } } }', gives: 'FORBIDDEN' },
  },
  'Query.statistics': {
    document: `{ statistics(from: "${new Date().toISOString()}") { waitBoundsSeconds } }`,
    may: 'ANY_KEY',
    foreign: {
      document: `{ statistics(tenantId: "demo", from: "${new Date().toISOString()}") { waitBoundsSeconds } }`,
      gives: 'FORBIDDEN',
    },
  },
  'Query.mailPreview': { document: '{ mailPreview(tenantId: "nobody") { subject } }', may: 'ADMIN' },
  'Mutation.sendTestMail': {
    document: 'mutation { sendTestMail(tenantId: "nobody", email: "eve@example.com") { __typename } }',
    may: 'ADMIN',
  },
  'Mutation.checkRelay': {
    document: 'mutation { checkRelay(input: { tenantId: "nobody" }) { relays { host } } }',
    may: 'ADMIN',
  },
  'Query.suppressions': { document: '{ suppressions(tenantId: "demo") { nodes { email } } }', may: 'ADMIN' },
  'Mutation.suppressAddresses': {
    document:
      'mutation { suppressAddresses(input: { tenantId: "demo", addresses: [{ email: "eve@example.com" }] }) { added } }',
    may: 'ADMIN',
  },
  'Mutation.addSuppressions': {
    document:
      'mutation { addSuppressions(tenantId: "demo", addresses: [{ email: "eve@example.com" }]) { added } }',
    may: 'ADMIN',
  },
  'Mutation.clearSuppression': {
    document: 'mutation { clearSuppression(tenantId: "demo", email: "eve@example.com") }',
    may: 'ADMIN',
  },
  'Query.messages': {
    document: '{ messages(tenantId: "demo", state: SENT) { nodes { identityId } } }',
    may: 'ADMIN',
  },
  'Mutation.retryMessages': { document: 'mutation { retryMessages(tenantId: "demo") }', may: 'ADMIN' },
  'Mutation.dropMessage': { document: 'mutation { dropMessage(identityId: "x") }', may: 'ADMIN' },
  'Query.system': { document: '{ system { environment } }', may: 'ADMIN' },
  'Query.messageCounts': { document: '{ messageCounts(tenantId: "demo") { count } }', may: 'ADMIN' },
  'Query.webhookEndpoints': {
    document: '{ webhookEndpoints(tenantId: "demo") { id } }',
    may: 'ANY_KEY',
    foreign: { document: '{ webhookEndpoints(tenantId: "demo") { id } }', gives: 'FORBIDDEN' },
  },
  'Query.webhookEndpointConnection': {
    document: '{ webhookEndpointConnection { nodes { id } } }',
    may: 'ANY_KEY',
    foreign: {
      document: '{ webhookEndpointConnection(tenantId: "demo") { nodes { id } } }',
      gives: 'FORBIDDEN',
    },
  },
  'Query.webhookEndpoint': {
    document: '{ webhookEndpoint(id: "x") { id } }',
    may: 'ANY_KEY',
    foreign: { document: '{ webhookEndpoint(id: "$webhook") { id } }', gives: null },
  },
  'Query.webhookAttempts': {
    document: '{ webhookAttempts(endpointId: "x") { nodes { eventId } } }',
    may: 'ANY_KEY',
    foreign: {
      document: '{ webhookAttempts(endpointId: "$webhook") { nodes { eventId } } }',
      gives: { nodes: [] },
    },
  },
  'Mutation.createWebhookEndpoint': {
    document:
      'mutation { createWebhookEndpoint(input: { tenantId: "demo", url: "https://a.example" }) { secret } }',
    may: 'ANY_KEY',
    foreign: {
      document:
        'mutation { createWebhookEndpoint(input: { tenantId: "demo", url: "https://a.example" }) { secret } }',
      gives: 'FORBIDDEN',
    },
  },
  'Mutation.updateWebhookEndpoint': {
    document: 'mutation { updateWebhookEndpoint(input: { id: "x" }) { endpoint { id } } }',
    may: 'ANY_KEY',
    foreign: {
      document:
        'mutation { updateWebhookEndpoint(input: { id: "$webhook", enabled: false }) { endpoint { id } } }',
      gives: { endpoint: null },
    },
  },
  'Mutation.deleteWebhookEndpoint': {
    document: 'mutation { deleteWebhookEndpoint(input: { id: "x" }) { deleted } }',
    may: 'ANY_KEY',
    foreign: {
      document: 'mutation { deleteWebhookEndpoint(input: { id: "$webhook" }) { deleted } }',
      gives: { deleted: false },
    },
  },
  'Mutation.rotateWebhookSecret': {
    document: 'mutation { rotateWebhookSecret(input: { id: "x" }) { secret } }',
    may: 'ANY_KEY',
    foreign: {
      document: 'mutation { rotateWebhookSecret(input: { id: "$webhook" }) { secret } }',
      gives: { secret: null },
    },
  },
  'Mutation.replayWebhookEvents': {
    document:
      'mutation { replayWebhookEvents(input: { endpointId: "x", failedSince: "2026-01-01T00:00:00Z" }) { eventIds } }',
    may: 'ANY_KEY',
    foreign: {
      document:
        'mutation { replayWebhookEvents(input: { endpointId: "$webhook", failedSince: "2026-01-01T00:00:00Z" }) { eventIds } }',
      gives: { eventIds: null },
    },
  },
  'Mutation.sendTestEvent': {
    document: 'mutation { sendTestEvent(input: { endpointId: "x" }) { attempt { outcome } } }',
    may: 'ANY_KEY',
    foreign: {
      document: 'mutation { sendTestEvent(input: { endpointId: "$webhook" }) { attempt { outcome } } }',
      gives: { attempt: null },
    },
  },
  'Subscription.events': {
    document: 'subscription { events(after: "0") { cursor type identityId } }',
    may: 'ANY_KEY',
    foreign: {
      document: 'subscription { events(tenantId: "demo", after: "0") { cursor type identityId } }',
      gives: 'FORBIDDEN',
    },
  },
}
