import type { World } from '../context.ts'
import { checkServices } from '../up/services/check-services.ts'
import { type Finding, warn } from './finding.ts'

/** What built services that start would warn of in their variables; of those that share one, once. */
export async function checkSettings(world: Pick<World, 'env' | 'root'>): Promise<Finding[]> {
  const services = await checkServices(world)
  const warnings = services.flatMap(({ variables }) =>
    variables.flatMap(({ variable, warnings }) => warnings.map((warning) => `${variable}: ${warning}`)),
  )
  return [...new Set(warnings)].map((text) =>
    warn('Settings', text, 'Correct it, or leave it if it is meant.'),
  )
}
