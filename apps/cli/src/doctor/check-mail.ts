import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { World } from '../context.ts'
import { CliError, EXIT } from '../exit-codes.ts'
import { type Finding, fail } from './finding.ts'

export interface MailQuestion {
  /** In place of the sender's domain. */
  readonly domain?: string
  /** A DNS server to ask, `address` or `address:port`. */
  readonly dns?: string
}

/** What the mailer's bundles export for us. */
interface MailerConfig {
  readMailSetup(env: World['env']): unknown
}
interface MailerSetup {
  examineMail(setup: unknown, question: MailQuestion): Promise<readonly Finding[]>
}

/**
 * Has the built mailer look at its own setup, so that it is read as the mailer reads it: what receivers look
 * up about the sender, and each relay.
 */
export async function examineMail(
  { env, root }: Pick<World, 'env' | 'root'>,
  question: MailQuestion,
): Promise<readonly Finding[]> {
  const dist = join(root, 'apps/mailer/dist')
  const [configFile, setupFile] = [join(dist, 'config.js'), join(dist, 'setup/examine-mail.js')]
  try {
    await Promise.all([access(configFile), access(setupFile)])
  } catch {
    const fix = 'Run "npm start" or "npm run build" in the repository, and doctor there.'
    return [fail('Build', 'the mailer is not built here, and it is what looks at mail', fix)]
  }
  const { readMailSetup }: MailerConfig = await import(pathToFileURL(configFile).href)
  const mailer: MailerSetup = await import(pathToFileURL(setupFile).href)
  let setup: unknown
  try {
    setup = readMailSetup(env)
  } catch (error) {
    const faults = error instanceof Error ? error.message.split('\n') : [String(error)]
    return faults.map((fault) => fail('Environment', fault, 'Correct it where it is set.'))
  }
  try {
    return await mailer.examineMail(setup, question)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('--dns'))
      throw new CliError(EXIT.usage, `${error.message}.`)
    throw error
  }
}
