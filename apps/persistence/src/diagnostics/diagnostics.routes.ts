import { diagnostics } from '@emailauth/contracts/diagnostics'
import { problem } from '@emailauth/contracts/problems'
import { redisServers } from '@emailauth/contracts/redis-servers'
import { serviceStatus } from '@emailauth/contracts/service-status'
import type { ServiceApp } from '@emailauth/service/http/app'
import type { ReadLane } from '@emailauth/service/http/read-lane'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { runtimeStatus } from '@emailauth/service/lifecycle/runtime-status'
import { type DiagnosisPort, diagnose } from './diagnose.ts'
import { readRedisServers } from './redis-servers.ts'

interface DiagnosticsRoutesPort extends DiagnosisPort {
  readonly lane: ReadLane
}

const route = routeWith<DiagnosticsRoutesPort>()

export function addDiagnosticsRoutes(app: ServiceApp, ports: DiagnosticsRoutesPort): void {
  addRoutes(app, ports, [readStatus, readDiagnostics, listRedisServers])
}

const readStatus = route({
  method: 'GET',
  url: '/v1/status',
  schema: { summary: 'Version, and since when it runs', response: { 200: serviceStatus } },
  handler: async () => runtimeStatus(),
})

const readDiagnostics = route({
  method: 'GET',
  url: '/v1/diagnostics',
  schema: {
    summary: 'What an operator should fix',
    response: { 200: diagnostics, default: problem },
  },
  handler: async (ports) => ({ findings: await ports.lane.run(() => diagnose(ports)) }),
})

const listRedisServers = route({
  method: 'GET',
  url: '/v1/redis-servers',
  schema: {
    summary: 'Memory, persistence and replicas of each Redis server',
    response: { 200: redisServers, default: problem },
  },
  handler: async ({ lane, reads }) => ({ servers: await lane.run(() => readRedisServers(reads)) }),
})
