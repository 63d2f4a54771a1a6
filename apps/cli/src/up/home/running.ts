import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from '../../files/private-file.ts'
import { holderOf } from './lock.ts'
import type { PlannedPort, UpPlan } from './plan.ts'

const FILE = 'running.json'

/** What a running `up` leaves in its data folder for commands in other terminals. */
interface Running {
  /** By service. */
  readonly ports: Readonly<Record<string, number>>
  readonly tls: UpPlan['tls'] | null
}

/** Records the ports and TLS files of this `up`. Call it while holding the lock of the data folder. */
export async function recordRunning({ home, ports, tls }: UpPlan): Promise<void> {
  const byService = Object.entries(ports).map(([name, { port }]) => [name, port])
  const running: Running = { ports: Object.fromEntries(byService), tls: tls ?? null }
  await writePrivateFile(join(home, FILE), JSON.stringify(running))
}

export async function forgetRunning({ home }: UpPlan): Promise<void> {
  await rm(join(home, FILE), { force: true })
}

/**
 * The plan with the ports and TLS files of the `up` that runs in its data folder. What the environment names
 * stays. The plan as it is when none runs.
 */
export async function asRunning(
  plan: UpPlan,
  env: Readonly<Record<string, string | undefined>>,
): Promise<UpPlan> {
  const running = await readRunning(plan.home)
  if (running === undefined) return plan
  const ports = Object.entries(plan.ports).map(([name, planned]): [string, PlannedPort] => {
    const port = running.ports[name]
    return [
      name,
      env[planned.variable] || !Number.isInteger(port) ? planned : { ...planned, port: Number(port) },
    ]
  })
  return {
    ...plan,
    // The names are those of the plan; `Object.fromEntries` forgets them.
    ports: Object.fromEntries(ports) as Record<keyof UpPlan['ports'], PlannedPort>,
    tls: plan.tls ?? running.tls ?? undefined,
  }
}

/** undefined: no `up` runs there, or its record cannot be read. */
async function readRunning(home: string): Promise<Running | undefined> {
  if ((await holderOf(home)) === undefined) return undefined
  try {
    const { ports, tls } = JSON.parse(await readFile(join(home, FILE), 'utf8'))
    return typeof ports === 'object' && ports !== null ? { ports, tls: tls ?? null } : undefined
  } catch {
    return undefined
  }
}
