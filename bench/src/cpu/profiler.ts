import { mkdir, writeFile } from 'node:fs/promises'
import { freePort } from '@emailauth/testing/free-port'
import type { Round } from '../rounds/round.ts'
import { median } from '../rounds/statistics.ts'
import type { Cleanup } from '../systems/cleanup.ts'
import type { Service } from '../systems/system.ts'
import { addProfile, createFrame, drawFlameGraph, type Frame } from './flame-graph.ts'
import { type CpuProfile, type Inspector, openInspector } from './inspector.ts'
import { addSelfTimes, type SelfTimes } from './self-time.ts'

const SERVICES: readonly Service[] = ['gateway', 'persistence', 'mailer']
const SAMPLING_MICROS = 200

/**
 * CPU time by function, largest first, as shares of the profile and of the service's CPU for each operation.
 */
export interface Hotspots {
  readonly operation: string
  readonly service: string
  readonly functions: readonly { readonly location: string; readonly microsPerOperation: number }[]
}

/** Profiles the services while they are measured. */
export interface Profiler {
  /** The arguments of `node` that a service needs to be profiled. */
  nodeArguments(service: Service): readonly string[]
  /**
   * Measures a round with all services profiled. The results folder keeps each service's last profile, and a
   * flame graph of each operation.
   */
  during(operation: string, measure: () => Promise<Round>): Promise<Round>
  hotspots(most: number): Hotspots[]
}

export async function createProfiler(cleanup: Cleanup, folder: string): Promise<Profiler> {
  const ports = new Map<Service, number>()
  for (const service of SERVICES) ports.set(service, await freePort())
  const open = new Map<Service, Inspector>()
  const times = new Map<string, SelfTimes>()
  const cpu = new Map<string, number[]>()
  const frames = new Map<string, Frame>()

  async function inspectorOf(service: Service): Promise<Inspector> {
    const known = open.get(service)
    if (known !== undefined) return known
    const inspector = cleanup.keep(await openInspector(ports.get(service) ?? 0), (opened) => opened.close())
    open.set(service, inspector)
    await inspector.call('Profiler.enable')
    await inspector.call('Profiler.setSamplingInterval', { interval: SAMPLING_MICROS })
    return inspector
  }

  return {
    nodeArguments: (service) => [`--inspect=127.0.0.1:${ports.get(service)}`],
    async during(operation, measure) {
      const inspectors = await Promise.all(SERVICES.map(inspectorOf))
      await Promise.all(inspectors.map((inspector) => inspector.call('Profiler.start')))
      const round = await measure()
      await mkdir(folder, { recursive: true })
      for (const [i, inspector] of inspectors.entries()) {
        const { profile } = await inspector.call<{ profile: CpuProfile }>('Profiler.stop')
        const name = `${operation}-${SERVICES[i]}`
        const known = times.get(name) ?? new Map()
        addSelfTimes(known, profile)
        times.set(name, known)
        cpu.set(name, [...(cpu.get(name) ?? []), round.cpuPerOperation[SERVICES[i] ?? ''] ?? 0])
        await writeFile(`${folder}/${name}.cpuprofile`, JSON.stringify(profile))
        const frame = frames.get(name) ?? createFrame(SERVICES[i] ?? '')
        addProfile(frame, profile)
        frames.set(name, frame)
      }
      const columns = SERVICES.flatMap((service) => {
        const name = `${operation}-${service}`
        const frame = frames.get(name)
        return frame === undefined ? [] : [{ frame, micros: median(cpu.get(name) ?? []) }]
      })
      await writeFile(`${folder}/${operation}.svg`, drawFlameGraph(operation, columns))
      return round
    },
    hotspots: (most) =>
      [...times].map(([name, spent]) => {
        const [operation = '', service = ''] = name.split('-')
        // On a busy machine a profile counts the time that a process waits for its turn, too.
        const all = [...spent.values()].reduce((sum, micros) => sum + micros, 0)
        const scale = median(cpu.get(name) ?? []) / all
        const functions = [...spent]
          .map(([location, micros]) => ({ location, microsPerOperation: micros * scale }))
          .sort((a, b) => b.microsPerOperation - a.microsPerOperation)
          .slice(0, most)
        return { operation, service, functions }
      }),
  }
}
