/** A page whose commands run as printed, in one shell, against a system of the test. */
export interface RunPage {
  /** Runs before them: what the page takes for granted. */
  readonly given?: string
  /** What stands on the page for something of the reader's own, and the shell's words for it. */
  readonly own?: Readonly<Record<string, string>>
  /** What they must print. */
  readonly prints?: readonly RegExp[]
}

/** `numberOf ADDRESS`, `secret NAME`, `endpoint`, `eventId`: functions of the shell that the test gives. */
export const RUN: Readonly<Record<string, RunPage>> = {
  'README.md': {},
  'apps/cli/README.md': {
    own: { '"1844 2712 0724"': '"$(numberOf ada@example.com)"' },
    prints: [/^hello$/m],
  },
  'docs/cli.md': { given: 'mkdir -p ~/.config/fish/completions' },
  'docs/deployment/containers.md': {},
  'docs/deployment/install.md': {
    own: { 'EMAILAUTH_SECRET_KEYS=…': 'EMAILAUTH_SECRET_KEYS=$(secret secretKeys)' },
  },
  'docs/graphql.md': { prints: [/^type Query/m] },
  'docs/hosted-page.md': {},
  'docs/mail.md': { given: 'emailauth tenants create other --quiet', prints: [/1 added/, /DKIM1/] },
  'docs/operations/alerts.md': { prints: [/"persistence":"ok"/] },
  'docs/operations/deliveries.md': {},
  'docs/operations/events.md': {
    given: `curl() { command curl --max-time 5 "$@" || test $? = 28; }
      export EMAILAUTH_SERVICE_TOKEN=$(secret serviceToken)`,
    prints: [/^event: |^data: /m],
  },
  'docs/operations/monitoring.md': {},
  'docs/operations/relays.md': {},
  'docs/operations/keys.md': {
    own: { 'EMAILAUTH_SECRET_KEYS=…': 'EMAILAUTH_SECRET_KEYS=$(secret secretKeys)' },
  },
  'docs/operations/tenant-mails.md': { given: 'emailauth tenants create shop --quiet' },
  'docs/rest.md': {
    own: {
      '"123456789012"': '"\'"$(numberOf ada@example.com)"\'"',
      '"demo.AGhV3kq1x0oJ2mN7bQd5t1w"': '"\'"$(identityOf ada@example.com)"\'"',
    },
    prints: [/"identityId"/, /"token":\s*"user 1"/],
  },
  'docs/testing.md': {
    own: {
      'EMAILAUTH_API_KEY=ea_test_…':
        'EMAILAUTH_API_KEY=$(emailauth keys create --tenant shop-e2e --name trigger)',
    },
    prints: [/^ea_test_/m],
  },
  'docs/webhooks.md': {
    given: 'emailauth register --email ada@example.com --token order',
    own: {
      'shop.wh_7k2m9q4t1x0c5v8b': '$(endpoint)',
      '019ac5b2f3a0-00000000-shop.00': '$(eventId)',
    },
    prints: [/^whsec_/m],
  },
}

/** Pages whose blocks are those of another; `docs.test.ts` checks it. */
export const SAME: readonly string[] = ['docs/es/hosted-page.md']

/** Commands that other tests run: what a command begins with, and the test. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm start': 'e2e/repository/npm-start.test.ts',
  'npm test': '.ci/run',
  'npm run build': 'scripts/setup/setup.mjs',
  'EMAILAUTH_ADMIN_EMAILS=ada@example.com npm start': 'e2e/browser/sign-in.spec.ts',
  'npx emailauth inbox --to ada@example.com    # the eight': 'e2e/browser/sign-in.spec.ts',
  'npx emailauth verify 1234 5678 9012': 'e2e/browser/readme.spec.ts',
  'npx pnpm --filter @emailauth/client pack': 'packages/client/test/packed.test.ts',
  'npx pnpm --filter @emailauth/react pack': 'packages/react/test/packed.test.ts',
  'npx pnpm --filter emailauth pack': 'apps/cli/test/program/commands.test.ts',
  'npx pnpm --filter @emailauth/e2e exec vitest run': 'scripts/test/test.mjs',
  'npx emailauth up': 'e2e/repository/npm-start.test.ts',
  'emailauth login': 'apps/cli/test/commands/credentials.test.ts',
  'emailauth events --follow': 'apps/cli/test/commands/lists.test.ts',
  'npx emailauth webhooks replay shop.wh_7k2m9q4t1x0c5v8b --failed-since':
    'apps/cli/test/commands/webhooks.test.ts',
  'npx emailauth listen': 'apps/cli/test/commands/listen.test.ts',
  'npx emailauth doctor --mail': 'apps/cli/test/doctor/doctor-mail.test.ts',
  'EMAILAUTH_SERVICE_TOKEN=… npx emailauth keys create': 'apps/cli/test/commands/keys-local.test.ts',
  'node examples/login/server.js': 'e2e/browser/login-example.spec.ts',
  'node scripts/images.mjs --prebuilt': 'e2e/deploy/images.test.ts',
  'npx --yes @usebruno/cli': 'e2e/repository/bruno.test.ts',
  'export EMAILAUTH_API_KEY=$(node -p \'JSON.parse(fs.readFileSync("../../': 'e2e/repository/bruno.test.ts',
  'redis-cli': 'apps/persistence/test/redis/restore.test.ts',
  'REDISCLI_AUTH=PASSWORD redis-cli': 'apps/persistence/test/redis/restore.test.ts',
  'eval "$(node scripts/dev-ca.mjs': 'e2e/browser/tls.spec.ts',
  'body=': 'apps/gateway/test/mails/mail-hooks.test.ts',
  't=$(date +%s)': 'apps/gateway/test/mails/mail-hooks.test.ts',
  'v1=$(printf': 'apps/gateway/test/mails/mail-hooks.test.ts',
  'curl -H "Emailauth-Signature': 'apps/gateway/test/mails/mail-hooks.test.ts',
  'v1=$({ printf': 'apps/mailer/test/bounces/bounce-listener.test.ts',
  "curl -H 'content-type: message/rfc822'": 'apps/mailer/test/bounces/bounce-listener.test.ts',
}

/** Commands that take minutes. Somebody has run them, and their page says what came of it. */
export const BY_HAND: readonly string[] = [
  'npm run bench',
  'cd packages/client && npm run matrix',
  'npx pnpm --filter @emailauth/e2e reliability',
  'npx pnpm --filter @emailauth/e2e hosts',
  'npx pnpm --filter @emailauth/mailer build',
  'npx pnpm --filter @emailauth/gateway fuzz',
  'EMAILAUTH_TIMINGS=1 npx vitest run',
  'EMAILAUTH_FULL=1 npx vitest run',
]
