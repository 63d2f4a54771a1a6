import type { World } from './context.ts'

/** The one place that looks at the process: its environment, folder and streams. */
export function readWorld(root: string): World {
  return {
    env: process.env,
    folder: process.cwd(),
    root,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  }
}
