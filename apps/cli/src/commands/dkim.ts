import { rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import { errorCode } from '@emailauth/service/error-code'
import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import type { Context } from '../context.ts'
import { createDkimKey, type DkimAlgorithm, zoneLine } from '../dkim/dkim-key.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { about } from '../files/private-file.ts'
import { required } from '../options/option-values.ts'
import { errnoSentence } from '../terminal/errno-sentence.ts'
import { addExamples } from '../terminal/help.ts'

const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

interface DkimOptions {
  readonly domain?: string
  readonly selector: string
  readonly algorithm: DkimAlgorithm
  readonly out?: string
}

export function addDkim(program: Command, action: Action): void {
  const dkim = program.command('dkim').description('keys that sign mails (DKIM)')
  const create = dkim
    .command('create')
    .description('make a key and print its DNS record')
    .option('--domain <domain>', "the sender's domain (required)")
    .option('--selector <name>', 'tells keys of a domain apart', 's1')
    .addOption(
      new Option('--algorithm <name>', 'of the key; a domain may have both')
        .choices(['rsa', 'ed25519'])
        .default('rsa'),
    )
    .option('--out <file>', 'where the private key goes (else dkim-<domain>-<selector>.pem)')
    .action(action(createKey))
  addExamples(create, [
    'emailauth dkim create --domain acme.example',
    'emailauth dkim create --domain acme.example --selector s2 --algorithm ed25519 --out /etc/emailauth/s2.pem',
  ])
}

async function createKey({ output, world }: Context, options: DkimOptions): Promise<ExitCode> {
  const domain = domainToASCII(required(options.domain, '--domain <domain>').toLowerCase())
  const selector = options.selector.toLowerCase()
  if (!DOMAIN.test(domain)) throw new CliError(EXIT.usage, '--domain must be a domain such as acme.example.')
  if (!SELECTOR.test(selector))
    throw new CliError(EXIT.usage, '--selector must be letters, digits and "-", at most 63.')
  const path = resolve(world.folder, options.out ?? `dkim-${domain}-${selector}.pem`)
  const { pem, record } = createDkimKey(options.algorithm)
  await save(path, pem)
  const name = `${selector}._domainkey.${domain}`
  const setting = `EMAILAUTH_DKIM=${domain}:${selector}:${path}`
  output.data({ name, type: 'TXT', value: record, file: path, setting }, () => zoneLine(name, record))
  output.info(`The private key is in ${path}. When the record is published, set ${setting}`)
  return EXIT.done
}

/**
 * Only the owner can read the file. It never replaces another key, because mails signed with that key would
 * become invalid.
 */
async function save(path: string, pem: string): Promise<void> {
  try {
    await writeFile(path, pem, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    // A full disk leaves an empty file, which the next try would take for a key.
    if (errorCode(cause) !== 'EEXIST') await rm(path, { force: true }).catch(() => {})
    const why = errnoSentence(about(path, cause)) ?? `${path} cannot be written.`
    throw new CliError(EXIT.failed, `No key was made. ${why}`, { cause, hint: 'choose another --out' })
  }
}
