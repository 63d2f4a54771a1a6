import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { withoutPassword } from '@emailauth/redis/connection/without-password'
import { SECRET_VARIABLES } from '@emailauth/service/config/given-environment'
import type { ConfigWarning } from '@emailauth/service/config/warnings'
import { openTls } from '@emailauth/service/network/tls'
import type { World } from '../../context.ts'
import { requireBuilt } from './apps.ts'

/** A variable as a service would read it. */
export interface CheckedVariable {
  readonly variable: string
  /** Masked where it is a secret; null: it has none. */
  readonly value: string | null
  readonly from: 'environment' | 'default' | 'up'
  readonly fault: string | null
  /** What may not be meant, although a service starts with it. */
  readonly warnings: readonly string[]
}

export interface CheckedService {
  readonly name: string
  readonly variables: readonly CheckedVariable[]
}

type Parsed =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string }[] } }

/** What is read of a zod shape; the shape comes from the service's own bundle. */
interface Shape {
  safeParse(value: unknown): Parsed
}

/** `serve` reads its own variables beside those of the first three. */
const SERVICES = ['gateway', 'persistence', 'mailer', 'serve', 'inbox'] as const
/** `up` gives these to its services where the environment does not. Values that only have their form. */
const MADE_BY_UP: Readonly<Record<string, string>> = {
  EMAILAUTH_MAILER_KEYS: Buffer.alloc(32).toString('base64'),
  EMAILAUTH_REDIS_URL: 'redis://127.0.0.1',
  EMAILAUTH_SECRET_KEYS: Buffer.alloc(32).toString('base64'),
  EMAILAUTH_SERVICE_TOKEN: '0'.repeat(32),
}

/** Holds the environment against the shapes by which the built services read it. */
export async function checkServices({ env, root }: Pick<World, 'env' | 'root'>): Promise<CheckedService[]> {
  await requireBuilt(root)
  const tls = await faultOfFiles(env)
  return Promise.all(
    SERVICES.map(async (name) => {
      const url = pathToFileURL(join(root, 'apps', name, 'dist/config.js')).href
      // Built from the same sources as this command; a module that is loaded by its URL has no types.
      const exported: Record<string, unknown> = await import(url)
      const shapes = exported[`${name}Environment`] as Readonly<Record<string, Shape>>
      const faults = new Map([...tls, ...faultsTogether(exported.readConfig, env)])
      const warnings = warningsIn(exported.configWarnings, env)
      const variables = Object.entries(shapes)
        .map(([variable, shape]) => check(variable, shape, env[variable] || undefined))
        .map((checked) => ({ ...checked, fault: checked.fault ?? faults.get(checked.variable) ?? null }))
        .map((checked) => ({
          ...checked,
          warnings: checked.fault === null ? warnings(checked.variable) : [],
        }))
      return { name, variables: variables.sort((a, b) => (a.variable < b.variable ? -1 : 1)) }
    }),
  )
}

/**
 * What a service says of its variables together, such as what production requires. Only of the mailer, whose
 * reader takes an environment.
 */
function faultsTogether(readConfig: unknown, env: World['env']): ReadonlyMap<string, string> {
  if (typeof readConfig !== 'function' || readConfig.length === 0) return new Map()
  try {
    readConfig({ ...MADE_BY_UP, ...withoutEmpty(env) })
    return new Map()
  } catch (error) {
    const lines = error instanceof Error ? error.message.split('\n') : []
    return new Map(
      lines.map((line): [string, string] => {
        const [variable = '', ...fault] = line.split(': ')
        return [variable, fault.join(': ')]
      }),
    )
  }
}

/** What a service that starts logs of its variables. The inbox has nothing to say. */
function warningsIn(configWarnings: unknown, env: World['env']): (variable: string) => readonly string[] {
  const found: readonly ConfigWarning[] = typeof configWarnings === 'function' ? configWarnings(env) : []
  return (variable) => found.filter((one) => one.variable === variable).map(({ warning }) => warning)
}

const TLS_FILES = ['EMAILAUTH_TLS_CERT', 'EMAILAUTH_TLS_KEY', 'EMAILAUTH_TLS_CA'] as const

/** What a service says of the certificates when it starts, at the first of their variables that is set. */
async function faultOfFiles(env: World['env']): Promise<ReadonlyMap<string, string>> {
  const [cert, key, ca] = TLS_FILES.map((name) => env[name] || undefined)
  try {
    const source = await openTls({ cert, key, ca }, { logger: undefined })
    source.close()
    return new Map()
  } catch (error) {
    const first = TLS_FILES.find((name) => env[name]) ?? TLS_FILES[0]
    const text = error instanceof Error ? error.message : String(error)
    return new Map([[first, text.replace(`${TLS_FILES[0]}, _KEY, _CA: `, '')]])
  }
}

const withoutEmpty = (env: World['env']) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value))

function check(variable: string, shape: Shape, given: string | undefined): Omit<CheckedVariable, 'warnings'> {
  const read = shape.safeParse(given)
  if (given !== undefined) {
    const fault = read.success ? null : read.error.issues.map(({ message }) => message).join('; ')
    return { variable, value: masked(variable, given), from: 'environment', fault }
  }
  if (variable in MADE_BY_UP && (!read.success || variable === 'EMAILAUTH_MAILER_KEYS'))
    return { variable, value: null, from: 'up', fault: null }
  if (read.success) {
    const { data } = read
    const value =
      data === undefined || data === null
        ? null
        : typeof data === 'object'
          ? JSON.stringify(data)
          : String(data)
    return { variable, value, from: 'default', fault: null }
  }
  return { variable, value: null, from: 'default', fault: read.error.issues[0]?.message ?? 'is missing' }
}

/** A secret shows that it is set; a URL shows its host, also where it is mistyped. */
function masked(variable: string, value: string): string {
  return (SECRET_VARIABLES as readonly string[]).includes(variable) ? withoutPassword(value) : value
}
