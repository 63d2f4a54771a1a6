import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { afterAll, beforeAll } from 'vitest'
import { ask, startWorld, type World } from '../world.ts'

export const PASSWORD = 'planted-password'

/** What a tenant's own mail settings are read by. */
export const MAIL =
  'mail { senderName senderAddress replyTo colour logoUrl linkTemplate smtpServer codeInSubject headers { name value } texts { language subject heading intro footer } }'
export const UPDATE = `mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { settings { ${MAIL} } } }`

/** A world whose tenants may have a relay on this machine, and one such relay, which asks for a password. */
export interface TenantRelay {
  readonly world: World
  readonly own: TestSmtp
  readonly smtpUrl: string
  /** Who has signed in at the relay: user and password. */
  readonly signedIn: readonly string[]
  /** Changes the mail settings of a tenant. */
  update(id: string, mail: object): ReturnType<typeof ask>
  stop(): Promise<void>
}

/** Starts it once for a file. */
export function tenantRelayForTests(take: (relay: TenantRelay) => void): void {
  let relay: TenantRelay | undefined
  beforeAll(async () => {
    relay = await startTenantRelay()
    take(relay)
  })
  afterAll(() => relay?.stop())
}

async function startTenantRelay(): Promise<TenantRelay> {
  const world = await startWorld({}, {}, { EMAILAUTH_ALLOW_PRIVATE_SMTP: 'true' })
  const signedIn: string[] = []
  const own = await startSmtp(
    { auth: (user, password) => void signedIn.push(`${user} ${password}`) },
    { disabledCommands: ['STARTTLS'], allowInsecureAuth: true, authOptional: false },
  )
  const mailsPerAddress = [{ max: 100, windowSeconds: 1 }]
  return {
    world,
    own,
    smtpUrl: `smtp://planted-user:${PASSWORD}@127.0.0.1:${own.port}?starttls=none`,
    signedIn,
    update: (id, mail) =>
      ask(world.app, world.adminKey, UPDATE, { input: { id, settings: { mail, mailsPerAddress } } }),
    async stop() {
      await world.stop()
      await own.stop()
    },
  }
}
