import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Systems take ports for outgoing connections from above these: Linux from 32768 on, others from 49152 on.
 * Browsers call no server on port 10080.
 */
const PORTS = { first: 10_100, afterLast: 32_000 } as const
/**
 * Has a file for each port that a running process holds: the port and its process id. `npm test` names it,
 * because there each run has a folder for temporary files.
 */
const HELD_PORTS = process.env.EMAILAUTH_TEST_PORTS || join(tmpdir(), 'emailauth-test-ports')
const ATTEMPTS = 1000

const held = new Set<string>()
process.once('exit', () => {
  for (const file of held) rmSync(file, { force: true })
})

/**
 * A free TCP port on loopback. As long as this process runs, no other test gets it and no connection takes it
 * as its own, so that a server may also start there late, or again.
 */
export async function freePort(): Promise<number> {
  // Of all users of the machine: they share its ports.
  if (mkdirSync(HELD_PORTS, { recursive: true }) !== undefined) chmodSync(HELD_PORTS, 0o777)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(PORTS.first, PORTS.afterLast)
    if (hold(port) && (await isFree(port))) return port
  }
  throw new Error(`No free port after ${ATTEMPTS} attempts; ${HELD_PORTS} has those that tests hold.`)
}

/**
 * Each process claims a port by a file of its own, and looks for those of others only then: of two that claim
 * one at the same time at least one sees the other. With one file for both, each could take away what the
 * other had just put in place of that of a process which is gone.
 */
function hold(port: number): boolean {
  const own = `${port}.${process.pid}`
  try {
    writeFileSync(join(HELD_PORTS, own), '', { flag: 'wx' })
  } catch {
    // This process holds it.
    return false
  }
  const others = readdirSync(HELD_PORTS).filter((name) => name.startsWith(`${port}.`) && name !== own)
  const gone = others.filter((name) => !runs(Number(name.split('.')[1])))
  for (const name of gone) rmSync(join(HELD_PORTS, name), { force: true })
  const isHeld = gone.length < others.length
  if (isHeld) rmSync(join(HELD_PORTS, own), { force: true })
  else held.add(join(HELD_PORTS, own))
  return !isHeld
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // That of another user may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  await new Promise((closed) => server.close(closed))
  return true
}
