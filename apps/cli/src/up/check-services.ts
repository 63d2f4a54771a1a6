import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SECRET_VARIABLES } from '@emailauth/service/given-environment'
import type { World } from '../context.ts'
import { requireBuilt } from './apps.ts'

/** A variable as a service would read it. */
export interface CheckedVariable {
  readonly variable: string
  /** Masked where it is a secret; null: it has none. */
  readonly value: string | null
  readonly from: 'environment' | 'default' | 'up'
  readonly fault: string | null
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

const SERVICES = ['gateway', 'persistence', 'mailer', 'inbox'] as const
/** `up` gives these to its services where the environment does not. */
const MADE_BY_UP = ['EMAILAUTH_REDIS_URL', 'EMAILAUTH_SECRET_KEYS', 'EMAILAUTH_SERVICE_TOKEN']

/** Holds the environment against the shapes by which the built services read it. */
export async function checkServices({ env, root }: Pick<World, 'env' | 'root'>): Promise<CheckedService[]> {
  await requireBuilt(root)
  return Promise.all(
    SERVICES.map(async (name) => {
      const url = pathToFileURL(join(root, 'apps', name, 'dist/config.js')).href
      const exported = (await import(url)) as Record<string, unknown>
      const shapes = exported[`${name}Environment`] as Readonly<Record<string, Shape>>
      const variables = Object.entries(shapes).map(([variable, shape]) =>
        check(variable, shape, env[variable] || undefined),
      )
      return { name, variables: variables.sort((a, b) => (a.variable < b.variable ? -1 : 1)) }
    }),
  )
}

function check(variable: string, shape: Shape, given: string | undefined): CheckedVariable {
  const read = shape.safeParse(given)
  if (given !== undefined) {
    const fault = read.success ? null : read.error.issues.map(({ message }) => message).join('; ')
    return { variable, value: masked(variable, given), from: 'environment', fault }
  }
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
  if (MADE_BY_UP.includes(variable)) return { variable, value: null, from: 'up', fault: null }
  return { variable, value: null, from: 'default', fault: read.error.issues[0]?.message ?? 'is missing' }
}

/** A secret shows that it is set; a URL shows everything but its user and password. */
function masked(variable: string, value: string): string {
  if (!(SECRET_VARIABLES as readonly string[]).includes(variable)) return value
  if (!/^[a-z+]+:\/\//i.test(value)) return '…'
  return value.replace(/\/\/[^/,@]*@/g, '//…@').replace(/\?[^,]*/g, '?…')
}
