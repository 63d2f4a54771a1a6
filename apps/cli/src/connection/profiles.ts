import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CliError, EXIT } from '../exit-codes.ts'
import { makeFolder } from '../files/make-folder.ts'
import { writePrivateFile } from '../files/private-file.ts'

/** A gateway that the person at this machine has logged in to. */
export interface Profile {
  readonly url: string
  readonly apiKey: string
  readonly scope: 'TENANT' | 'ADMIN' | 'ADMIN_READ_ONLY'
}

export interface Profiles {
  /** The name of the one that is used where nothing else is said. */
  readonly current: string | null
  readonly profiles: Readonly<Record<string, Profile>>
}

type Env = Readonly<Record<string, string | undefined>>

const NONE: Profiles = { current: null, profiles: {} }

/**
 * `$XDG_CONFIG_HOME/emailauth/profiles.json`, by default below `~/.config`. Undefined without a home folder.
 */
export function profilesPath(env: Env): string | undefined {
  const base = env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : env.APPDATA)
  return base ? join(base, 'emailauth', 'profiles.json') : undefined
}

export async function readProfiles(env: Env): Promise<Profiles> {
  const path = profilesPath(env)
  const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return NONE
  try {
    // What matters of it is checked below.
    const { current, profiles } = JSON.parse(text) as Partial<Profiles>
    const fits = Object.values(profiles ?? {}).every(
      ({ url, apiKey }) => typeof url === 'string' && typeof apiKey === 'string',
    )
    if (fits) return { current: current ?? null, profiles: profiles ?? {} }
  } catch {
    // Reported below, together with JSON of another shape.
  }
  throw new CliError(EXIT.failed, `${path} is damaged.`, { hint: 'Delete it and log in again.' })
}

export async function writeProfiles(env: Env, profiles: Profiles): Promise<string> {
  const path = profilesPath(env)
  if (path === undefined) throw new CliError(EXIT.failed, 'There is no home folder to keep the key in.')
  await makeFolder(dirname(path))
  await writePrivateFile(path, `${JSON.stringify(profiles, null, 2)}\n`)
  return path
}

/**
 * The profile that is asked for, or the current one.
 * @throws {CliError} when the one that is asked for is not there.
 */
export function pickProfile({ current, profiles }: Profiles, name: string | undefined): Profile | undefined {
  if (name === undefined) return current === null ? undefined : profiles[current]
  if (Object.hasOwn(profiles, name)) return profiles[name]
  const known = Object.keys(profiles)
  throw new CliError(EXIT.usage, `There is no profile "${name}".`, {
    hint: known.length > 0 ? `There are: ${known.join(', ')}` : 'Log in first: emailauth login',
  })
}
