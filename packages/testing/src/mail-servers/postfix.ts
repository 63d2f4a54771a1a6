import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chown, cp, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'
import { makeJail } from './jail.ts'
import { type MailServer, privateFolder, rootOf, startProgram } from './program.ts'

const run = promisify(execFile)

export interface PostfixSasl {
  readonly user: string
  readonly password: string
  /** Files of PEM. */
  readonly certificate: string
  readonly key: string
}

export interface PostfixOptions {
  /** Port of the SMTP server that it relays to. */
  readonly sinkPort: number
  /** Lines of `main.cf` on top of what it needs to run. */
  readonly settings?: Readonly<Record<string, string>>
  /** A user who may sign in, and the certificate for TLS, for `ONLY_TLS_AND_SASL`. */
  readonly sasl?: PostfixSasl
  /** Uses postscreen, which checks clients before they reach Postfix. */
  readonly postscreen?: boolean
}

const USER = 64004
const QUEUES = 'active bounce corrupt defer deferred flush hold incoming private saved trace'
const SASL_PLUGINS = '/usr/lib/x86_64-linux-gnu/sasl2'

/** Starts a real Postfix. */
export async function startPostfix(options: PostfixOptions): Promise<MailServer> {
  const { sinkPort, settings = {}, postscreen = false, sasl } = options
  const programs = 'master smtpd smtp cleanup qmgr postscreen postlogd tlsmgr dnsblog tlsproxy proxymap'
  const { folder, write } = await makeJail(
    'postfix',
    programs.split(' ').map((name) => `usr/lib/postfix/sbin/${name}`),
    { postfix: USER, postdrop: USER + 1 },
    sasl === undefined ? [] : [SASL_PLUGINS],
  )
  const port = await freePort()
  const made = [...QUEUES.split(' '), 'maildrop', 'public'].map((queue) => `var/spool/postfix/${queue}`)
  for (const path of ['var/lib/postfix', ...made]) {
    await mkdir(join(folder, path), { recursive: true })
    await chown(join(folder, path), USER, USER)
  }
  await mkdir(join(folder, 'var/spool/postfix/pid'))
  await write(
    'etc/postfix/main.cf',
    lines({
      compatibility_level: '3.6',
      maillog_file: '/var/log/postfix.log',
      myhostname: 'postfix.example',
      mydestination: '',
      inet_interfaces: '127.0.0.1',
      inet_protocols: 'ipv4',
      mynetworks: '127.0.0.0/8',
      alias_maps: '',
      local_recipient_maps: '',
      // Postfix's own queue, for mails that the sink does not accept at once.
      queue_run_delay: '1s',
      minimal_backoff_time: '1s',
      maximal_backoff_time: '2s',
      default_transport: `smtp:[127.0.0.1]:${sinkPort}`,
      smtpd_relay_restrictions: 'permit_mynetworks,permit_sasl_authenticated,reject',
      ...settings,
    }),
  )
  await mkdir(join(folder, 'var/log'), { recursive: true })
  const inlet = postscreen
    ? [`127.0.0.1:${port} inet n - n - 1 postscreen`, 'smtpd pass - - n - - smtpd']
    : [`127.0.0.1:${port} inet n - n - - smtpd`]
  await write('etc/postfix/master.cf', [...inlet, SERVICES].join('\n'))
  if (sasl !== undefined) await addSasl(folder, sasl)
  const args = [folder, '/usr/lib/postfix/sbin/master', '-d', '-c', '/etc/postfix']
  const server = await startProgram({
    command: 'chroot',
    args,
    folder,
    port,
    env: { MAIL_CONFIG: '/etc/postfix' },
  })
  const log = () => readFileSync(join(folder, 'var/log/postfix.log'), 'utf8')
  return { ...server, output: () => server.output() + log() }
}

const SERVICES = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

async function addSasl(folder: string, { user, password, certificate, key }: PostfixSasl): Promise<void> {
  await mkdir(join(folder, 'etc/postfix/sasl'), { recursive: true })
  await cp(certificate, join(folder, 'etc/postfix/server.crt'))
  await cp(key, join(folder, 'etc/postfix/server.key'))
  const database = join(folder, 'etc/postfix/sasldb2')
  const setting = run('saslpasswd2', ['-p', '-c', '-f', database, '-u', 'postfix.example', user], {
    env: { PATH: `${rootOf('postfix')}/usr/sbin:${process.env.PATH}` },
  })
  setting.child.stdin?.end(password)
  await setting
  await chown(database, USER, USER)
  await writeFile(
    join(folder, 'etc/postfix/sasl/smtpd.conf'),
    'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: /etc/postfix/sasldb2\nmech_list: PLAIN LOGIN\n',
  )
}

/** Settings to accept mail only over TLS and only after signing in. */
export const ONLY_TLS_AND_SASL = {
  smtpd_tls_cert_file: '/etc/postfix/server.crt',
  smtpd_tls_key_file: '/etc/postfix/server.key',
  smtpd_tls_security_level: 'encrypt',
  smtpd_tls_auth_only: 'yes',
  smtpd_sasl_auth_enable: 'yes',
  smtpd_sasl_local_domain: 'postfix.example',
  cyrus_sasl_config_path: '/etc/postfix/sasl',
  smtpd_relay_restrictions: 'permit_sasl_authenticated,reject',
} as const

/** Starts a real postgrey; `checks` is the restriction that asks it. */
export async function startPostgrey(delaySeconds: number): Promise<MailServer & { readonly checks: string }> {
  const root = rootOf('postfix')
  const folder = await privateFolder('postfix')
  const port = await freePort()
  await writeFile(join(folder, 'none'), '')
  const none = `${folder}/none`
  const lists = [
    `--whitelist-clients=${none}`,
    `--whitelist-recipients=${none}`,
    '--auto-whitelist-clients=0',
  ]
  const server = await startProgram({
    command: 'perl',
    args: [
      '-T',
      `${root}/usr/sbin/postgrey`,
      `--inet=127.0.0.1:${port}`,
      `--dbdir=${folder}`,
      `--delay=${delaySeconds}`,
      '--user=root',
      '--group=root',
      ...lists,
    ],
    folder,
    port,
  })
  return Object.assign(server, { checks: `check_policy_service inet:127.0.0.1:${port}` })
}

/** A policy service that accepts everything, after a delay. */
export async function startSlowPolicy(ms: number): Promise<{ readonly checks: string; stop(): void }> {
  const port = await freePort()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let asked = ''
    socket.on('data', (chunk) => {
      asked += chunk.toString()
      for (let end = asked.indexOf('\n\n'); end !== -1; end = asked.indexOf('\n\n')) {
        asked = asked.slice(end + 2)
        setTimeout(() => socket.write('action=DUNNO\n\n'), ms)
      }
    })
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  return { checks: `check_policy_service inet:127.0.0.1:${port}`, stop: () => void server.close() }
}

const lines = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
