// The projects of Vitest, and in which of its processes `npm test` runs them.
import { availableParallelism } from 'node:os'

/**
 * Folders whose tests run together. The files of a worker share a process, so the apps stay apart: their
 * tests do not expect timers and state of another one. The order is that of the run, the longest tests first.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const APART = {
  systems: ['e2e', 'examples', 'bench', 'apps/serve'],
  gateway: ['apps/gateway'],
  persistence: ['apps/persistence'],
  mailer: ['apps/mailer'],
  cli: ['apps/cli'],
}
/** The project of all other folders. */
export const OTHERS = 'others'

const cores = availableParallelism()
/**
 * Projects with a process of their own. Those of `systems` and `cli` wait most: for what they start. The
 * workers of `systems` end long before the others, and go on with `cli`. After it the other folders would be
 * left to a single worker for the last third of the run.
 */
const ALONE = [
  { projects: ['systems', 'cli'], workers: cores },
  ...['gateway', 'persistence', 'mailer'].map((name) => ({
    projects: [name],
    workers: Math.ceil(cores / 2),
  })),
]
const alone = ALONE.flatMap(({ projects }) => projects)
const together = [...Object.keys(APART), OTHERS].filter((name) => !alone.includes(name))

/**
 * The processes of Vitest, which run at the same time. A worker is of one project. In a single process five
 * workers went through one project after the other, and each loaded all modules and compiled their code.
 */
export const PROCESSES = [...ALONE, { projects: together, workers: Math.ceil(cores / 2) }]
