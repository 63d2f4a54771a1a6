import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A private CA and its certificate for 127.0.0.1 and localhost, as PEM files. */
export async function makeCertificates(folder: string, days = 1) {
  const file = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder, timeout: 30_000 })
  const newKey = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    String(days),
  ]
  const authority = ['-subj', '/CN=emailauth test authority', '-keyout', 'ca.key', '-out', 'ca.crt']
  await openssl('req', '-x509', ...newKey, ...authority)
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  const server = ['-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.crt']
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE']
  await openssl('req', '-x509', ...newKey, ...server, ...names, ...signed)
  return { ca: file('ca.crt'), certificate: file('server.crt'), key: file('server.key') }
}
