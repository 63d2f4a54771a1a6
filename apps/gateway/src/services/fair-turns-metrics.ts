import { Gauge, type Registry } from 'prom-client'
import type { FairTurns } from './fair-turns.ts'

/** Shows how many calls wait because their tenant has its share under way. */
export function measureTurns(registry: Registry, turns: Pick<FairTurns, 'waiting'>): void {
  new Gauge({
    name: 'emailauth_calls_waiting',
    help: 'Calls that wait for their turn, because their tenant has its share under way.',
    registers: [registry],
    collect() {
      this.set(turns.waiting)
    },
  })
}
