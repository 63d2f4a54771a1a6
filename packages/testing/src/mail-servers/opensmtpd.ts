import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { makeJail } from './jail.ts'
import { type MailServer, startProgram } from './program.ts'

/** Starts a real OpenSMTPD that relays to this port, all else by default. */
export async function startOpenSmtpd(sinkPort: number): Promise<MailServer> {
  const users = { opensmtpd: 64001, opensmtpq: 64002 }
  const { folder, write } = await makeJail('opensmtpd', ['usr/sbin/smtpd'], users)
  const port = await freePort()
  await mkdir(join(folder, 'var/lib/opensmtpd/empty'), { recursive: true })
  await write(
    'etc/smtpd.conf',
    `listen on 127.0.0.1 port ${port} hostname opensmtpd.example
action "sink" relay host smtp://127.0.0.1:${sinkPort}
match from any for any action "sink"
`,
  )
  return startProgram({ command: 'chroot', args: [folder, '/usr/sbin/smtpd', '-d'], folder, port })
}
