import type { UpPlan } from '../up/home/plan.ts'
import { requireFreePorts } from '../up/ports.ts'
import { type Finding, ok, warn } from './finding.ts'

/** Whether `up` could start: its ports are free, or it is the one that has them. */
export async function checkPorts({ ports, host }: UpPlan, running: boolean): Promise<Finding> {
  if (running) return ok('Ports', 'in use by the running emailauth')
  try {
    const all = Object.entries(ports).map(([of, port]) => ({
      ...port,
      of,
      host: of === 'gateway' ? host : '127.0.0.1',
    }))
    await requireFreePorts(all)
    return ok('Ports', `free: ${all.map(({ port }) => port).join(', ')}`)
  } catch (error) {
    return warn(
      'Ports',
      error instanceof Error ? error.message : String(error),
      'See which program it is: ss -ltnp',
    )
  }
}
