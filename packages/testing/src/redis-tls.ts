import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import { freePort } from './free-port.ts'
import { startRedis, type TestRedis } from './redis.ts'

/** A Redis that speaks only TLS and lets only named users in. */
export interface TestTlsRedis {
  /** `rediss://user:password@…` of the restricted user. */
  readonly url: string
  /** The same for a user who may do everything. */
  readonly adminUrl: string
  /** The certificate of the authority that signed the server's, PEM; and the file it stands in. */
  readonly ca: string
  readonly caFile: string
  readonly server: TestRedis
  stop(): Promise<void>
}

/**
 * Starts it on a free loopback port with its own CA and certificate. `rules` are the ACL rules of the
 * restricted user, such as `~ea:* -@all +get`. There is no access without a user name.
 */
export async function startTlsRedis(rules: string): Promise<TestTlsRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-tls-'))
  try {
    const password = 'p@ss/word:1'
    const files = await makeCertificates(folder)
    const aclFile = join(folder, 'users.acl')
    const users = [
      'user default off',
      `user app on >${password} resetkeys resetchannels ${rules}`,
      `user admin on >${password} allkeys allchannels +@all`,
    ]
    await writeFile(aclFile, `${users.join('\n')}\n`)
    const port = await freePort()
    const server = await startRedis(
      ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', '--aclfile', aclFile],
      ...['--tls-cert-file', files.certificate, '--tls-key-file', files.key, '--tls-ca-cert-file', files.ca],
    )
    const urlOf = (user: string) => `rediss://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`
    return {
      url: urlOf('app'),
      adminUrl: urlOf('admin'),
      ca: await readFile(files.ca, 'utf8'),
      caFile: files.ca,
      server,
      async stop() {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
