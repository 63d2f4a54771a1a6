import { readdir, readFile } from 'node:fs/promises'

export type Service = 'gateway' | 'persistence' | 'mailer'

/** The process id of one service of an `up`, found in /proc by its port. Linux only. */
export async function pidOf(env: NodeJS.ProcessEnv, service: Service): Promise<number> {
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

interface HasProcesses {
  pids(service: Service): Promise<readonly number[]>
}

/** Lets all processes of a service hang, without closing their connections. Returns what lets them go on. */
export async function hang(system: HasProcesses, service: Service): Promise<() => void> {
  const pids = await system.pids(service)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
