import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSecretKey } from '@emailauth/secrets/key-ring'
import { errorCode } from '@emailauth/service/error-code'
import { CliError, EXIT } from '../../exit-codes.ts'
import { writePrivateFile } from '../../files/private-file.ts'
import type { UpPlan } from './plan.ts'

/** What the services share: the key ring and the token between them. */
export interface ServiceSecrets {
  readonly secretKeys: string
  readonly serviceToken: string
}

/** Secrets from the environment, else from `secrets.json` in the data folder, which is created if missing. */
export async function readSecrets({
  home,
  secretKeys,
  serviceToken,
}: Pick<UpPlan, 'home' | 'secretKeys' | 'serviceToken'>): Promise<ServiceSecrets> {
  if (secretKeys !== undefined && serviceToken !== undefined) return { secretKeys, serviceToken }
  const kept = await keptSecrets(join(home, 'secrets.json'))
  return { secretKeys: secretKeys ?? kept.secretKeys, serviceToken: serviceToken ?? kept.serviceToken }
}

/** The service token that is known here, if any; unlike {@link readSecrets} it makes no file. */
export async function readServiceToken({
  home,
  serviceToken,
}: Pick<UpPlan, 'home' | 'serviceToken'>): Promise<string | undefined> {
  if (serviceToken !== undefined) return serviceToken
  const path = join(home, 'secrets.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseSecrets(path, text).serviceToken
}

async function keptSecrets(path: string): Promise<ServiceSecrets> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') {
      throw new CliError(EXIT.failed, `${path} cannot be read.`, { cause })
    }
    const generated = {
      secretKeys: generateSecretKey(),
      serviceToken: randomBytes(32).toString('hex'),
    }
    await writePrivateFile(path, `${JSON.stringify(generated, null, 2)}\n`)
    return generated
  }
  return parseSecrets(path, text)
}

/** A damaged file is never replaced by itself: without its keys nothing that is stored can be read again. */
function parseSecrets(path: string, text: string): ServiceSecrets {
  let read: Partial<Record<keyof ServiceSecrets, unknown>> | null = null
  try {
    read = JSON.parse(text)
  } catch {
    // Reported below, together with JSON of another shape.
  }
  const { secretKeys, serviceToken } = read ?? {}
  if (typeof secretKeys === 'string' && typeof serviceToken === 'string') return { secretKeys, serviceToken }
  throw new CliError(EXIT.failed, `${path} is damaged.`, {
    hint: 'Bring back a copy of it. Without one, delete the whole data folder: what is stored cannot be read without its keys.',
  })
}
