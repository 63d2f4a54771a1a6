import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { errorCode } from '@emailauth/service/error-code'
import { CliError, EXIT } from '../exit-codes.ts'
import type { PlannedPort } from './home/plan.ts'

/** A port that must be free before anything is started. */
export interface NeededPort extends PlannedPort {
  readonly host: string
  /** What will listen there. */
  readonly of: string
}

/** What a service that was killed with its `up` may still need to let go of its port. */
const ENDING_MS = 12_000

/**
 * Checks that the ports are free. After a crash it waits for processes that are about to exit.
 * @throws {CliError} that names each port, its purpose, and the variable that changes it. All at once: a
 * second system beside another finds all of them taken.
 */
export async function requireFreePorts(
  needed: readonly NeededPort[],
  { afterCrash = false } = {},
): Promise<void> {
  const deadline = Date.now() + (afterCrash ? ENDING_MS : 0)
  const faults: string[] = []
  for (const one of needed) {
    for (;;) {
      const fault = await listenFault(one)
      if (fault === undefined) break
      if (fault === 'EADDRINUSE' && Date.now() < deadline) await wait(50)
      else {
        faults.push(sentenceOf(fault, one))
        break
      }
    }
  }
  if (faults.length > 0) throw new CliError(EXIT.failed, faults.join('\n'))
}

function sentenceOf(fault: string, { port, host, of, variable }: NeededPort): string {
  if (fault === 'EADDRINUSE') {
    return `Port ${port} for the ${of} is taken by another program: end that one, or choose a port with ${variable}.`
  }
  if (fault === 'EACCES')
    return `Port ${port} for the ${of} is not allowed here: choose another with ${variable}.`
  return `The ${of} cannot listen on ${host}:${port} (${fault}).`
}

async function listenFault({ host, port }: NeededPort): Promise<string | undefined> {
  const server = createServer().listen({ host, port, exclusive: true })
  try {
    await once(server, 'listening')
    return undefined
  } catch (error) {
    return errorCode(error) ?? String(error)
  } finally {
    if (server.listening) await new Promise((closed) => server.close(closed))
  }
}
