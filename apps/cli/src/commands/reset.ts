import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { CREDENTIALS_FILE } from '../connection/credentials.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { confirm } from '../prompts/confirm.ts'
import { addExamples } from '../terminal/help.ts'
import { takeLock } from '../up/home/lock.ts'
import { readPlan } from '../up/home/plan.ts'

/** All that `up` makes in its data folder; whatever else lies there stays. */
const MADE_BY_UP = ['running.json', 'redis', 'inbox', CREDENTIALS_FILE, 'secrets.json']

export function addReset(program: Command, action: Action): void {
  const command = program
    .command('reset')
    .description('development only: delete all that "emailauth up" has kept')
    .option('--yes', 'do not ask')
    .action(action(reset))
  addExamples(command, ['emailauth reset --yes && emailauth up'])
}

async function reset(context: Context, { yes }: { readonly yes?: boolean }): Promise<ExitCode> {
  const { world, output } = context
  const { home, production, redisUrl } = readPlan(world.env, world.root)
  if (production) throw new CliError(EXIT.usage, 'With NODE_ENV=production nothing is deleted.')
  if (redisUrl !== undefined) {
    throw new CliError(EXIT.usage, 'EMAILAUTH_REDIS_URL is set: that Redis is not ours to empty.')
  }
  const known = await access(home).then(
    () => true,
    () => false,
  )
  if (known) {
    await confirm(context, { yes, question: `Delete tenants, keys, identities and mails in ${home}?` })
    // Nothing is deleted from under a running system.
    const lock = await takeLock(home)
    try {
      for (const name of MADE_BY_UP) await rm(join(home, name), { recursive: true, force: true })
    } finally {
      await lock.release()
    }
  }
  output.data({ home, deleted: known }, () => '')
  output.info(known ? 'Deleted. The next "emailauth up" begins anew.' : `There is nothing in ${home}.`)
  return EXIT.done
}
