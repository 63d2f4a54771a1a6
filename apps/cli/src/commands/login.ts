import { createClient } from '@emailauth/client'
import { isLoopback } from '@emailauth/contracts/loopback'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { readProfiles, writeProfiles } from '../connection/profiles.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { askSecret } from '../prompts/ask-secret.ts'
import { addExamples } from '../terminal/help.ts'

export function addLogin(program: Command, action: Action): void {
  const login = program
    .command('login')
    .description('keep the URL and API key of a gateway for later commands')
    .option('--key <key>', 'the API key; - reads stdin; without it you are asked')
    .option('--name <profile>', 'name of the profile', 'default')
    .action(action(logIn))
  addExamples(login, [
    'emailauth login --url https://emailauth.example.com',
    'emailauth login --url https://emailauth.example.com --name shop --key - < key.txt',
    'emailauth --profile shop identities',
  ])
  const logout = program
    .command('logout')
    .description('forget the API key of a profile; the key itself goes on working')
    .option('--name <profile>', 'which one; without it the current one')
    .option('--all', 'all of them')
    .action(action(logOut))
  addExamples(logout, ['emailauth logout', 'emailauth logout --name shop'])
}

async function logIn(
  context: Context,
  { key, name }: { readonly key?: string; readonly name: string },
): Promise<ExitCode> {
  const { output, world } = context
  const { url } = await context.settings()
  const apiKey = (await askSecret(context, key, 'API key')).trim()
  let client: ReturnType<typeof createClient>
  try {
    client = createClient({ url, apiKey })
  } catch (error) {
    throw new CliError(EXIT.usage, error instanceof Error ? error.message : String(error))
  }
  if (isReadable(url))
    output.info(`${url} is without TLS: the network on the way there can read the key, and what it asks for.`)
  const { scope, tenant } = await client.viewer()
  const { profiles } = await readProfiles(world.env)
  const path = await writeProfiles(world.env, {
    current: name,
    profiles: { ...profiles, [name]: { url, apiKey, scope } },
  })
  output.data({ profile: name, url, scope, tenant: tenant?.id ?? null, path }, () => '')
  output.info(
    `Logged in to ${url} as ${tenant === null ? 'admin' : `the tenant ${tenant.id}`}; kept in ${path}.`,
  )
  return EXIT.done
}

/** Whether the network can read what goes there. `createClient` has taken it for a URL. */
function isReadable(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !isLoopback(hostname)
}

async function logOut(
  { output, world }: Context,
  { name, all }: { readonly name?: string; readonly all?: boolean },
): Promise<ExitCode> {
  const { current, profiles } = await readProfiles(world.env)
  const gone = all
    ? Object.keys(profiles)
    : [name ?? current].filter((one) => one !== null && one in profiles)
  output.data({ loggedOut: gone }, () => '')
  if (gone.length === 0) {
    output.problem('There is no such profile.')
    return EXIT.notFound
  }
  const left = Object.fromEntries(Object.entries(profiles).filter(([one]) => !gone.includes(one)))
  const [next] = Object.keys(left)
  await writeProfiles(world.env, {
    current: current !== null && current in left ? current : (next ?? null),
    profiles: left,
  })
  output.info(`Forgotten: ${gone.join(', ')}. Revoke a key that nobody needs any more: emailauth keys revoke`)
  return EXIT.done
}
