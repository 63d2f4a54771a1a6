import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { makeJail } from './jail.ts'
import { type MailServer, startProgram } from './program.ts'

const USER = 64003

/** Starts a real Exim that relays to this port. Its limits are its defaults: 20 connections in all. */
export async function startExim(sinkPort: number): Promise<MailServer> {
  const { folder, write } = await makeJail('exim', ['usr/sbin/exim4'], { 'Debian-exim': USER })
  const port = await freePort()
  for (const path of ['var/spool/exim4', 'var/log/exim4']) {
    await mkdir(join(folder, path), { recursive: true })
    await chown(join(folder, path), USER, USER)
  }
  await write(
    'etc/exim.conf',
    `exim_path = /usr/sbin/exim4
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
pid_file_path = /tmp/exim.pid
primary_hostname = exim.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
disable_ipv6 = true
acl_smtp_rcpt = take
begin acl
take:
  accept
begin routers
sink:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = sink
begin transports
sink:
  driver = smtp
  port = ${sinkPort}
  allow_localhost
begin retry
*  *  F,1h,1s
`,
  )
  const args = [folder, '/usr/sbin/exim4', '-C', '/etc/exim.conf', '-bdf', '-q2s']
  return startProgram({ command: 'chroot', args, folder, port })
}
