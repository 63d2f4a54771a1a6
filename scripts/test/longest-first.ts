import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take longest, mostly waiting for servers and time-outs. They begin first in their project: one
 * that began last would run alone at the end while a core idles. A wrong or missing name only costs time.
 */
const LONGEST = [
  'e2e/deploy/images',
  'e2e/repository/page-commands',
  'reliability/rolling',
  'e2e/repository/npm-start',
  'reliability/processes',
  'e2e/repository/npm-signals',
  'reliability/full-disk',
  'reliability/crashes',
  'reliability/secrets',
  'reliability/races',
  'reliability/faults',
  'reliability/outage',
  'e2e/deploy/chart',
  'gateway/test/services/services-gone',
  'gateway/test/sockets/live',
  'gateway/test/webhooks/webhooks-cluster',
  'gateway/test/sockets/sockets',
  'gateway/test/tenants/tenants',
  'gateway/test/http/http-limits',
  'gateway/test/fuzz/fuzz',
  'persistence/test/webhooks/webhook-outbox',
  'persistence/test/redis/failover',
  'mailer/test/smtp/mail-servers',
  'mailer/test/soak/soak',
  'mailer/test/webhooks/webhooks',
  'mailer/test/queue/job-queue',
  'mailer/test/delivery/failures',
  'mailer/test/webhooks/webhook-crash',
  'mailer/test/delivery/deliver',
  'mailer/test/webhooks/webhook-queue',
  'cli/test/terminal/narrow',
  'cli/test/terminal/full-disk',
  'redis/test/connection/topologies',
  'rpc/test/endpoints',
  'redis/test/connection/read-before-timeouts',
  'redis/test/connection/watch-slots',
  'client/test/packed',
  'client/test/contract',
  'react/test/packed',
]

const rankOf = ({ moduleId }: TestSpecification) => {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return at === -1 ? LONGEST.length : at
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    // By project before all else: a worker is of one project, and ends when a file of another comes.
    const projects = this.ctx.projects.map(({ name }) => name)
    const place = (file: TestSpecification) => projects.indexOf(file.project.name)
    return sorted.toSorted((a, b) => place(a) - place(b) || rankOf(a) - rankOf(b))
  }
}
