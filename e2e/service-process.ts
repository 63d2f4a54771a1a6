import { readdir, readFile } from 'node:fs/promises'
import type { System } from './system.ts'

type Service = 'gateway' | 'persistence' | 'mailer'

/** The process id of one service of a system, found in /proc by its port. Linux only. */
export async function pidOf({ env }: System, service: Service): Promise<number> {
  const name = `EMAILAUTH_${service.toUpperCase()}_PORT`
  const mark = `${name}=${env[name]}`
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const [command, text] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    ])
    if (command.includes(`apps/${service}/dist/main.js`) && text.split('\0').includes(mark))
      return Number(pid)
  }
  throw new Error(`${service} does not run`)
}

/** Lets a service hang, without closing its connections. Returns what lets it go on. */
export async function hang(system: System, service: Service): Promise<() => void> {
  const pid = await pidOf(system, service)
  process.kill(pid, 'SIGSTOP')
  return () => {
    process.kill(pid, 'SIGCONT')
  }
}
