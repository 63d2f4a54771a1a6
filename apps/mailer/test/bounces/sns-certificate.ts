import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Where Amazon keeps certificates of this form. */
export const CERTIFICATE_URL =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem'

/** A certificate like those by which Amazon SNS signs, and its key; both PEM. */
export async function makeSnsCertificate(): Promise<{ certificate: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-sns-'))
  const [certificate, key] = [join(folder, 'sns.pem'), join(folder, 'sns.key')]
  const options = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=sns.amazonaws.com']
  await promisify(execFile)('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', certificate])
  const made = { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  await rm(folder, { recursive: true })
  return made
}
