import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A host of its own: a network namespace with one link to the network of its test. */
export interface Host {
  readonly name: string
  readonly address: string
  /** Starts a program there. It ends with the network. */
  start(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): HostProcess
  /** Takes its link down: packets are lost and no connection is told. */
  cut(): Promise<void>
  /** Takes its link up again. */
  join(): Promise<void>
}

export interface HostProcess {
  readonly pid: number
  /** What it has printed so far. */
  output(): string
  /** Kills it at once, like a power cut. */
  kill(): Promise<void>
  /** Starts the same program again. */
  restart(): void
}

export interface HostNetwork {
  readonly hosts: readonly Host[]
  /** Where the hosts reach the test. */
  readonly address: string
  /** Ends every program and removes the network. */
  stop(): Promise<void>
}

/** Whether this user may make network namespaces here. */
export function mayMakeHosts(): boolean {
  const name = `ea-try-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' })
  if (made.status !== 0) return false
  spawnSync('ip', ['netns', 'del', name])
  return true
}

/** Makes hosts on one network. */
export async function makeHosts(names: readonly string[]): Promise<HostNetwork> {
  const id = randomInt(1, 250)
  const bridge = `ea${id}`
  const addressOf = (at: number) => `10.77.${id}.${at}`
  const ip = (...args: string[]) => run('ip', args)
  const processes: HostProcess[] = []
  const stop = async () => {
    await Promise.all(processes.map((process) => process.kill()))
    for (const name of names) await ip('netns', 'del', `${bridge}-${name}`).catch(() => {})
    await ip('link', 'del', bridge).catch(() => {})
  }

  async function makeHost(name: string, at: number): Promise<Host> {
    const namespace = `${bridge}-${name}`
    const link = `${bridge}-${at}`
    const address = addressOf(at)
    await ip('netns', 'add', namespace)
    await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
    await ip('link', 'set', link, 'master', bridge, 'up')
    await ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0')
    for (const device of ['eth0', 'lo']) await ip('-n', namespace, 'link', 'set', device, 'up')
    return {
      name,
      address,
      start(command, args, env = {}) {
        let output = ''
        const launch = () => {
          const child = spawn('ip', ['netns', 'exec', namespace, command, ...args], {
            env: { PATH: process.env.PATH, ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
          })
          for (const stream of [child.stdout, child.stderr])
            stream.on('data', (chunk: Buffer) => {
              output += chunk.toString()
            })
          return child
        }
        let child = launch()
        const started: HostProcess = {
          get pid() {
            return child.pid ?? 0
          },
          output: () => output,
          kill: () => end(child),
          restart() {
            child = launch()
          },
        }
        processes.push(started)
        return started
      },
      cut: async () => void (await ip('link', 'set', link, 'down')),
      join: async () => void (await ip('link', 'set', link, 'up')),
    }
  }

  try {
    await ip('link', 'add', bridge, 'type', 'bridge')
    await ip('addr', 'add', `${addressOf(1)}/24`, 'dev', bridge)
    await ip('link', 'set', bridge, 'up')
    const hosts: Host[] = []
    for (const [index, name] of names.entries()) hosts.push(await makeHost(name, 11 + index))
    return { hosts, address: addressOf(1), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `ip netns exec` becomes the program, so a signal reaches it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
