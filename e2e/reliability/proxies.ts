import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'

const CONFIGS = { nginx: 'nginx.conf', haproxy: 'haproxy.cfg' } as const
export type ProxyProgram = keyof typeof CONFIGS

export interface RunningProxy {
  readonly url: string
  /** As who rolls out: sends no more calls to this server, where the proxy does not see by itself. */
  leavesOut(url: string): Promise<void>
  /** Resolves when the proxy sends calls to this server again. */
  sees(url: string): Promise<void>
  /** What the proxy has printed so far. */
  output(): string
  stop(): Promise<void>
}

/** A service's start on a busy machine, until the proxy has looked. */
const START_MS = 60_000
/** Most time that a proxy needs to end. */
const END_MS = 5000

/**
 * Runs nginx or HAProxy before two servers, with the configuration of `deploy/proxies`.
 * @param edit changes it for a test
 */
export async function startProxy(
  program: ProxyProgram,
  urls: readonly [string, string],
  edit: (config: string) => string = (config) => config,
): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), `emailauth-${program}-`))
  await mkdir(join(folder, LEFT_OUT))
  // The workers of nginx run as another user and look for files in there.
  await chmod(folder, 0o755)
  const port = await freePort()
  const [a, b] = urls.map((url) => new URL(url).host)
  const page = await readFile(new URL(`../../deploy/proxies/${CONFIGS[program]}`, import.meta.url), 'utf8')
  const config = forTests[program](
    edit(page).replaceAll('gateway-a:4000', String(a)).replaceAll('gateway-b:4000', String(b)),
    port,
    folder,
  )
  const file = join(folder, CONFIGS[program])
  await writeFile(file, config)
  const args = program === 'nginx' ? ['-p', folder, '-e', 'stderr', '-c', file] : ['-db', '-f', file]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
    child.once('exit', () => resolve())
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([ended, wait(END_MS, undefined, { ref: false })])
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await eventually(async () => {
      const { status } = await fetch(`${url}/readyz`)
      if (status !== 200) throw new Error(`${program} answers ${status}: ${output}`)
    })
  } catch (cause) {
    await stop()
    throw new Error(`${program} does not start: ${output}`, { cause })
  }
  const nameOf = (server: string) => (server === urls[0] ? 'a' : 'b')
  const fileOf = (server: string) => join(folder, LEFT_OUT, `without-gateway-${nameOf(server)}`)
  return {
    url,
    async leavesOut(server) {
      if (program === 'nginx') await writeFile(fileOf(server), '')
    },
    async sees(server) {
      if (program === 'nginx') await rm(fileOf(server), { force: true })
      else await eventually(() => requireUp(url, nameOf(server)), START_MS)
    },
    output: () => output,
    stop,
  }
}

/** What a test changes: the port, and no file outside its folder. */
const forTests: Record<ProxyProgram, (config: string, port: number, folder: string) => string> = {
  nginx: (config, port, folder) =>
    [
      'daemon off;',
      'worker_processes 1;',
      `pid ${folder}/nginx.pid;`,
      config
        .replace('listen 8080;', `listen 127.0.0.1:${port};`)
        .replaceAll('/run/emailauth-nginx', join(folder, LEFT_OUT))
        .replace(
          'http {',
          [
            'http {',
            'access_log off;',
            ...TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`),
          ].join('\n'),
        ),
    ].join('\n'),
  haproxy: (config, port) =>
    config
      .replace('bind :8080', `bind 127.0.0.1:${port}`)
      .replace('default_backend', `stats enable\n  stats uri ${STATISTICS}\n  default_backend`),
}

/** The folder of the files by which nginx leaves a server out. */
const LEFT_OUT = 'left-out'
const STATISTICS = '/haproxy-statistics'

async function requireUp(url: string, name: string): Promise<void> {
  const [head = '', ...rows] = (await (await fetch(`${url}${STATISTICS};csv`)).text()).split('\n')
  const at = (column: string) => head.replace('# ', '').split(',').indexOf(column)
  const row = rows.map((line) => line.split(',')).find((cells) => cells[at('svname')] === name)
  const status = row?.[at('status')]
  if (status !== 'UP') throw new Error(`HAProxy sees server ${name} as ${status}`)
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
