import { quantile } from '../rounds/statistics.ts'
import { answerParent } from './answer.ts'
import { openHttpConnection } from './http-connection.ts'

/** A job of the load generator: sends each value once, over `connections`, one request at a time on each. */
export interface LoadJob {
  readonly port: number
  /** Default: POST. */
  readonly method?: string
  readonly path: string
  /** What the path of each request ends with, one for each value. Default: nothing. */
  readonly pathEnds?: readonly string[]
  /** Default: JSON. */
  readonly contentType?: string
  /** Lines of the head beside Host and length, each with its end of line. */
  readonly headers: string
  /** The body of a request is this, a value, and that. */
  readonly before: string
  readonly after: string
  readonly values: readonly string[]
  /** What a good reply holds. */
  readonly expect: string
  readonly connections: number
  /** The job ends when the values do, or after so long. */
  readonly mostSeconds: number
}

export interface LoadResult {
  readonly operations: number
  readonly seconds: number
  /** Replies that were not as expected, and the first of them. */
  readonly failures: number
  readonly firstFailure: string
  readonly p50Ms: number
  readonly p99Ms: number
  /** When the first reply had come on each connection. */
  readonly firstMs: number
  /** The generator's own. */
  readonly cpuMicros: number
}

async function run(job: LoadJob): Promise<LoadResult> {
  const { port, path, headers, before, after, values, expect, connections, mostSeconds } = job
  const { method = 'POST', pathEnds = [], contentType = 'application/json' } = job
  const head = ` HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers}content-type: ${contentType}\r\ncontent-length: `
  // Made ahead, so that none of it is measured.
  const requests = values.map((value, i) => {
    const body = `${before}${value}${after}`
    const line = `${method} ${path}${pathEnds[i] ?? ''}`
    return Buffer.from(`${line}${head}${body.length}\r\n\r\n${body}`, 'latin1')
  })
  const latencies = new Float64Array(values.length)
  const open = Array.from({ length: connections }, () => openHttpConnection(port))
  const cpuAtStart = process.cpuUsage()
  const startedAt = performance.now()
  const deadline = startedAt + mostSeconds * 1000
  let next = 0
  let done = 0
  let failures = 0
  let firstFailure = ''
  let firstMs = 0

  await Promise.all(
    open.map(async (connection) => {
      let isFirst = true
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const sentAt = performance.now()
        if (sentAt > deadline) return
        const reply = await connection.exchange(request)
        latencies[done++] = performance.now() - sentAt
        if (isFirst) firstMs = Math.max(firstMs, performance.now() - startedAt)
        isFirst = false
        if (reply.status === 200 && reply.body.includes(expect)) continue
        failures++
        if (firstFailure === '') firstFailure = `${reply.status} ${reply.body.slice(0, 300)}`
      }
    }),
  )

  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuAtStart)
  for (const connection of open) connection.close()
  const measured = latencies.subarray(0, done).sort()
  return {
    operations: done,
    seconds,
    failures,
    firstFailure,
    p50Ms: quantile(measured, 0.5),
    p99Ms: quantile(measured, 0.99),
    firstMs,
    cpuMicros: user + system,
  }
}

// The parent is one of our own programs.
answerParent((message) => run(message as LoadJob))
