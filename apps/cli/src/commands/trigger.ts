import { randomInt } from 'node:crypto'
import type { EmailauthClient } from '@emailauth/client'
import { Argument, type Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'

/** One registration of a reserved address, whose number is in the address itself. */
interface Scene {
  readonly client: EmailauthClient
  readonly number: string
  /** Registers, and answers the identity's id; undefined where the mail was rejected. */
  register(tag?: string): Promise<string | undefined>
}

/** What makes each event happen; docs/testing.md explains the tags. */
const EVENTS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  registered: ({ register }) => register(),
  sent: ({ register }) => register(),
  deferred: ({ register }) => register('deferred'),
  bounced: ({ register }) => register('bounced'),
  rejected: ({ register }) => register('rejected'),
  expired: ({ register }) => register('expired'),
  async resent({ client, register }) {
    const id = await register()
    if (id !== undefined) await client.resend(id)
  },
  async verified({ client, number, register }) {
    const identityId = await register()
    await client.verify({ number, identityId })
  },
  async missed({ client, register }) {
    const identityId = await register()
    await client.verify({ number: WRONG_NUMBER, identityId })
  },
  async burned({ client, register }) {
    const identityId = await register('burned')
    await client.verify({ number: WRONG_NUMBER, identityId })
  },
  async replaced({ register }) {
    await register()
    await register()
  },
  async revoked({ client, register }) {
    const id = await register()
    if (id !== undefined) await client.revoke(id)
  },
}

const WRONG_NUMBER = '000000000000'
const KEY_HINT = 'Make a test tenant: emailauth tenants create NAME --test'

export function addTrigger(program: Command, action: Action): void {
  const command = program
    .command('trigger')
    .description('make an event happen in a test tenant, without any mail')
    .addArgument(new Argument('<event>', 'which event').choices(Object.keys(EVENTS)))
    .action(action(trigger))
  addExamples(command, ['emailauth trigger bounced', 'emailauth trigger expired'])
}

async function trigger(context: Context, event: string): Promise<ExitCode> {
  const settings = await context.settings()
  const client = connect(settings, 'tenant')
  // A live tenant would mail to an address that does not exist.
  if (!settings.apiKey?.startsWith('ea_test_'))
    throw new CliError(EXIT.usage, 'This needs the key of a test tenant, which begins ea_test_.', {
      hint: KEY_HINT,
    })
  const number = String(randomInt(1e11, 1e12))
  const email = (tag: string) => `trigger${tag === '' ? '' : `+${tag}`}+${number}@test.emailauth.invalid`
  let identityId: string | undefined
  await EVENTS[event]?.({
    client,
    number,
    async register(tag = '') {
      const result = await client.register({ email: email(tag), token: 'trigger' })
      if (result.__typename === 'RateLimited') throw new CliError(EXIT.rateLimited, result.message)
      identityId = result.__typename === 'Registered' ? result.identityId : undefined
      return identityId
    },
  })
  context.output.data({ event, identityId: identityId ?? null }, () => identityId ?? '')
  context.output.info(`The event ${event.toUpperCase()} comes within seconds.`)
  return EXIT.done
}
