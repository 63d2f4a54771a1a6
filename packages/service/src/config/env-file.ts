import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { errorCode } from '../error-code.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** With this value of `EMAILAUTH_ENV_FILE` no file is read. */
export const NO_ENV_FILE = 'none'

/**
 * Adds our variables of an `.env` file: the one that `EMAILAUTH_ENV_FILE` names, else `.env` in the folder,
 * if there is one. What the environment sets already wins, also as `…_FILE`.
 * @throws {Error} when the named file cannot be read.
 */
export function withEnvFile(env: Variables, folder: string): Variables {
  const named = env.EMAILAUTH_ENV_FILE || undefined
  const path = resolve(folder, named ?? '.env')
  if (named === NO_ENV_FILE || (named === undefined && !existsSync(path))) return env
  const given = Object.entries(parseEnv(read(path, named !== undefined))).filter(
    ([name]) => name.startsWith('EMAILAUTH_') && !isSet(env, name),
  )
  return { ...Object.fromEntries(given), ...env }
}

/** Whether the environment sets this variable or its other form. */
function isSet(env: Variables, name: string): boolean {
  const other = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`
  return env[name] !== undefined || env[other] !== undefined
}

function read(path: string, isNamed: boolean): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error'
    throw new Error(`${isNamed ? `EMAILAUTH_ENV_FILE: ${path}` : path} cannot be read (${code})`)
  }
}
