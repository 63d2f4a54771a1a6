import { diagnostics } from '@emailauth/contracts/diagnostics'
import { problem } from '@emailauth/contracts/problems'
import { redisServers } from '@emailauth/contracts/redis-servers'
import { serviceStatus } from '@emailauth/contracts/service-status'
import type { ServiceApp } from '@emailauth/service/app'
import type { ReadLane } from '@emailauth/service/read-lane'
import { runtimeStatus } from '@emailauth/service/runtime-status'
import { type DiagnosisPort, diagnose } from './diagnose.ts'
import { readRedisServers } from './redis-servers.ts'

export function addDiagnosticsRoutes(
  app: ServiceApp,
  { lane, ...port }: DiagnosisPort & { readonly lane: ReadLane },
): void {
  app.get(
    '/v1/status',
    { schema: { summary: 'Version, and since when it runs', response: { 200: serviceStatus } } },
    async () => runtimeStatus(),
  )

  app.get(
    '/v1/diagnostics',
    {
      schema: {
        summary: 'What an operator should fix',
        response: { 200: diagnostics, default: problem },
      },
    },
    async () => ({ findings: await lane.run(() => diagnose(port)) }),
  )

  app.get(
    '/v1/redis-servers',
    {
      schema: {
        summary: 'Memory, persistence and replicas of each Redis server',
        response: { 200: redisServers, default: problem },
      },
    },
    async () => ({ servers: await lane.run(() => readRedisServers(port.reads)) }),
  )
}
