import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Redis } from 'ioredis'
import type { SearchedText } from './hunt.ts'

/** Every file of a folder and what is below it, but for those named. */
export async function filesOf(folder: string, except: readonly string[] = []): Promise<SearchedText[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const wanted = paths.filter((path) => !except.includes(relative(folder, path)))
  return Promise.all(
    wanted.map(async (path) => ({ name: relative(folder, path), content: await readFile(path) })),
  )
}

/**
 * Everything that a Redis holds: each key with its dump, and the commands in its slow log. Writes a snapshot
 * to disk afterwards.
 */
export async function contentsOf(url: string): Promise<SearchedText[]> {
  const redis = new Redis(url)
  try {
    const texts: SearchedText[] = []
    for await (const keys of redis.scanStream({ count: 1000 })) {
      for (const key of keys as string[]) {
        const dump = (await redis.dumpBuffer(key)) ?? Buffer.alloc(0)
        texts.push({
          name: `Redis key of ${dump.length} bytes`,
          content: Buffer.concat([Buffer.from(key), dump]),
        })
      }
    }
    const commands = await redis.callBuffer('SLOWLOG', 'GET', '-1')
    texts.push({ name: 'commands sent to Redis', content: Buffer.concat([...bytesIn(commands)]) })
    await redis.save()
    return texts
  } finally {
    redis.disconnect()
  }
}

function* bytesIn(reply: unknown): Generator<Buffer> {
  if (Buffer.isBuffer(reply)) yield Buffer.concat([reply, Buffer.from('\n')])
  else if (Array.isArray(reply)) for (const part of reply) yield* bytesIn(part)
}

/** `/metrics` of services. */
export async function metricsOf(urls: readonly string[], serviceToken: string): Promise<SearchedText[]> {
  return Promise.all(
    urls.map(async (url) => {
      const reply = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${serviceToken}` } })
      if (!reply.ok) throw new Error(`${url}/metrics answered ${reply.status}.`)
      return { name: `metrics of ${url}`, content: await reply.text() }
    }),
  )
}

/** The command line of each process. */
export async function argumentsOf(pids: readonly number[]): Promise<SearchedText[]> {
  return Promise.all(
    pids.map(async (pid) => ({
      name: `arguments of ${pid}`,
      content: await readFile(`/proc/${pid}/cmdline`),
    })),
  )
}

/**
 * Processes with this text in their environment or arguments. Redis overwrites the former with the latter.
 */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  // A process that has ended, or is somebody else's, has none.
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
  const found = await Promise.all(
    pids.map(async (pid) => `${await read(pid, 'environ')}${await read(pid, 'cmdline')}`.includes(text)),
  )
  return pids.filter((_, i) => found[i]).map(Number)
}
