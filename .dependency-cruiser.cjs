// Import rules: contracts <- service <- rpc <- apps, client <- cli, no app imports an app
// but serve, which composes three of them, and test-host, which runs two of them for tests; no cycles.

// A folder for each feature of persistence. All its other folders are the engine.
const PERSISTENCE_FEATURES = [
  'api-keys',
  'diagnostics',
  'events',
  'identities',
  'key-ring',
  'passkeys',
  'registration',
  'sessions',
  'sign-ins',
  'tenants',
  'verification',
  'webhooks',
].join('|')

/** One rule for each room of a folder's `src/`: it imports only rooms of the layers before its own. */
function layers(folder, list) {
  const name = folder.split('/').pop()
  return list.flatMap((layer, depth) =>
    layer.map((room) => ({
      name: `${name}-${room}-imports-lower-layers-only`,
      severity: 'error',
      from: { path: `^${folder}/src/${room}/`, pathNot: '[.]test[.]ts$' },
      to: {
        path: `^${folder}/src/[^/]+/`,
        pathNot: `^${folder}/src/(${[...list.slice(0, depth).flat(), room].join('|')})/`,
      },
    })),
  )
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-app-imports-an-app',
      comment: 'serve is the three services in one process, and nothing else: it composes what they export.',
      severity: 'error',
      from: { path: '^apps/(?!(?:serve|test-host)/)([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'serve-and-test-host-import-entry-points-only',
      severity: 'error',
      from: { path: '^apps/(serve|test-host)/src/' },
      to: {
        path: '^apps/(gateway|persistence|mailer)/',
        pathNot: '^apps/[^/]+/src/(open-(gateway|persistence|mailer)|config)[.]ts$',
      },
    },
    {
      name: 'no-package-imports-an-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'contracts-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^(apps|packages/(?!contracts))' },
    },
    {
      name: 'secrets-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/secrets/' },
      to: { path: '^(apps|packages/(?!secrets))' },
    },
    {
      name: 'redis-knows-redis-only',
      severity: 'error',
      from: { path: '^packages/redis/src/(?!.*[.]test[.])' },
      to: { path: '^packages/(?!redis|gather)' },
    },
    {
      name: 'service-imports-contracts-and-secrets-only',
      severity: 'error',
      from: { path: '^packages/service/src/(?!.*[.]test[.])' },
      to: { path: '^packages/(?!service|contracts|secrets)' },
    },
    {
      name: 'rpc-imports-contracts-and-service-only',
      severity: 'error',
      from: { path: '^packages/rpc/src/(?!.*[.]test[.])' },
      to: { path: '^packages/(?!rpc|contracts|service|gather)' },
    },
    {
      name: 'client-is-alone',
      severity: 'error',
      from: { path: '^packages/client/src/(?!.*[.]test[.])' },
      to: { path: '^(apps|packages/(?!client))' },
    },
    {
      name: 'cli-terminal-knows-no-command',
      comment: 'What a command works with has an output of terminal/. What asks a person is in prompts/.',
      severity: 'error',
      from: { path: '^apps/cli/src/terminal/', pathNot: '[.]test[.]ts$' },
      to: { path: '^apps/cli/src/', pathNot: '^apps/cli/src/(terminal/|exit-codes[.]ts$)' },
    },
    {
      name: 'react-imports-pure-contracts-only',
      severity: 'error',
      from: { path: '^packages/react/src/(?!.*[.]test[.])' },
      to: {
        path: '^(apps|packages/(?!react|contracts/src/(typed-number|group-digits|languages|waiting-time)[.]ts))|^node:',
      },
    },
    {
      name: 'only-persistence-and-mailer-know-redis',
      severity: 'error',
      from: { path: '^apps/(gateway|admin)/src/(?!.*[.]test[.])' },
      to: { path: '^packages/redis/' },
    },
    {
      name: 'production-imports-no-test-helpers',
      severity: 'error',
      from: {
        path: '^(apps|packages)/[^/]+/src/',
        pathNot: '[.]test[.]tsx?$|^(packages/testing|apps/test-host)/',
      },
      to: { path: '^packages/testing/|[.]test[.]tsx?$' },
    },
    {
      name: 'tests-that-need-a-server-are-in-test',
      comment: 'What is beside the code needs no Redis, mail server or DNS, itself or by a helper of test/.',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/', pathNot: '^(packages/testing|apps/test-host)/' },
      to: {
        path: '^packages/testing/src/(redis|old-redis|smtp|mail-servers|dns|system)',
        reachable: true,
      },
    },
    {
      name: 'only-main-reads-config',
      comment: 'main reads the environment; open-… beside it turns what was read into a service.',
      severity: 'error',
      from: {
        path: '^apps/(gateway|persistence|mailer)/src/',
        pathNot: '/(main|config|open-(gateway|persistence|mailer))[.]ts$|[.]test[.]ts$',
      },
      to: { path: '/config[.]ts$', pathNot: '^packages/' },
    },
    // Inside persistence: main -> app and open-store -> features -> engine.
    {
      name: 'persistence-composes-at-the-top',
      comment: 'Only main and app see the whole store. A feature declares the port that it needs.',
      severity: 'error',
      from: { path: '^apps/persistence/src/[^/]+/' },
      to: { path: '^apps/persistence/src/[^/]+[.]ts$' },
    },
    {
      name: 'persistence-features-are-apart',
      comment: 'A feature imports itself and the engine. What it needs of another one is a port.',
      severity: 'error',
      from: { path: `^apps/persistence/src/(${PERSISTENCE_FEATURES})/` },
      to: {
        path: `^apps/persistence/src/(${PERSISTENCE_FEATURES})/`,
        pathNot: '^apps/persistence/src/$1/',
      },
    },
    {
      name: 'persistence-engine-knows-no-feature',
      severity: 'error',
      from: { path: `^apps/persistence/src/(?!${PERSISTENCE_FEATURES})[^/]+/` },
      to: { path: `^apps/persistence/src/(${PERSISTENCE_FEATURES})/` },
    },
    {
      name: 'persistence-engine-runs-one-way',
      comment: 'addresses, numbers <- store <- limits, calls, audit <- test-mode',
      severity: 'error',
      from: { path: '^apps/persistence/src/(addresses|numbers|store|lua)/' },
      to: { path: '^apps/persistence/src/(limits|calls|audit|test-mode)/' },
    },
    // main → app → feature → engine. A folder imports the folders above it in this list, and no other.
    ...layers('apps/mailer', [
      ['templates'],
      ['mime'],
      ['smtp'],
      ['relays'],
      ['message-state', 'message-tokens', 'tenants'],
      ['outcomes', 'suppressions', 'queue', 'resealing'],
      ['delivery'],
      ['messages', 'bounces', 'previews', 'webhooks', 'setup'],
    ]),
    // main → app → feature → graphql → access → http, services. The engine of the gateway knows no feature:
    // app.ts, schema.ts and request-context.ts compose them.
    ...layers('apps/gateway', [['http'], ['services'], ['access'], ['graphql']]),
    ...layers('packages/service', [
      ['config', 'telemetry', 'timing', 'bundle'],
      ['logging'],
      ['network', 'processes'],
      ['metrics'],
      ['tasks'],
      ['http'],
      ['lifecycle'],
    ]),
    ...layers('packages/redis', [['connection'], ['rules']]),
    {
      name: 'no-feature-imports-its-app',
      severity: 'error',
      from: { path: '^apps/(gateway|mailer)/src/[^/]+/', pathNot: '[.]test[.]ts$' },
      to: { path: '^apps/$1/src/[^/]+[.]ts$' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '[.](lua|html|css)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
