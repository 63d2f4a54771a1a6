// `node scripts/dev-ca.mjs FOLDER [HOST…]` makes a certificate authority and certificates for TLS between
// services in development, for localhost and other names or addresses. Run again in the same folder it keeps
// the authority and renews the certificates. Running services load them by themselves.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'

const DAYS = '90'
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const HOST = /^[a-z0-9:.-]+$/i

const [given, ...hosts] = process.argv.slice(2)
if (given === undefined || given.startsWith('-') || !hosts.every((host) => HOST.test(host))) {
  fail('Usage: node scripts/dev-ca.mjs FOLDER [HOST…]', 64)
}
const names = ['localhost', '127.0.0.1', '::1', ...hosts].map(
  (host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`,
)
const folder = resolve(given)
const file = (name) => join(folder, name)
mkdirSync(folder, { recursive: true, mode: 0o700 })

if (!existsSync(file('ca.key'))) {
  openssl(
    ...['req', '-x509', ...NEW_KEY, '-days', '365', '-subj', '/CN=emailauth development authority'],
    ...['-keyout', file('ca.key'), '-out', file('ca.crt')],
  )
}
// Each service listens and calls, and `emailauth up` gives all of them the same certificate.
issue('service', [`subjectAltName=${names.join(',')}`, 'extendedKeyUsage=serverAuth,clientAuth'])
// For programs that only call: curl, a metrics collector, a gateway on another machine.
issue('client', ['extendedKeyUsage=clientAuth'])

process.stdout.write(
  [
    `export EMAILAUTH_TLS_CERT=${file('service.crt')}`,
    `export EMAILAUTH_TLS_KEY=${file('service.key')}`,
    `export EMAILAUTH_TLS_CA=${file('ca.crt')}`,
    '',
  ].join('\n'),
)

function issue(name, extensions) {
  const request = file(`${name}.csr`)
  const extensionFile = file(`${name}.ext`)
  const lines = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature', ...extensions]
  writeFileSync(extensionFile, `${lines.join('\n')}\n`)
  openssl(
    'req',
    '-new',
    ...NEW_KEY,
    '-subj',
    `/CN=emailauth ${name}`,
    '-keyout',
    file(`${name}.key`),
    '-out',
    request,
  )
  openssl(
    ...['x509', '-req', '-in', request, '-days', DAYS, '-extfile', extensionFile],
    ...['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-out', file(`${name}.crt`)],
  )
  chmodSync(file(`${name}.key`), 0o600)
  rmSync(request)
  rmSync(extensionFile)
}

function openssl(...args) {
  const done = spawnSync('openssl', args, { encoding: 'utf8' })
  if (done.error !== undefined) fail('The program openssl is not on the PATH.', 1)
  if (done.status !== 0) fail(`openssl ${args[0]} failed:\n${done.stderr}`, 1)
}

function fail(sentence, code) {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}
