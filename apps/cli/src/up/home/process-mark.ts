import { readFile } from 'node:fs/promises'
import { errorCode } from '@emailauth/service/error-code'

/** Names one process for good: a pid alone is given to another process later. */
export interface ProcessMark {
  readonly pid: number
  /** Start time by the kernel (Linux only), else empty. */
  readonly startedAt: string
}

export async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, startedAt: await startOf(pid) }
}

export async function isAlive({ pid, startedAt }: ProcessMark): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is alive and belongs to another user.
    return errorCode(error) === 'EPERM'
  }
  return (await startOf(pid)) === startedAt
}

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  // Field 22, counted after the command's name, which may contain spaces and brackets. State Z is a dead
  // process.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat === '' || state === 'Z' ? '' : `${boot.trim()}:${fields[18] ?? ''}`
}
