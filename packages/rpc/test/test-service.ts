import { buildServiceApp, type ServiceAppOptions } from '@emailauth/service/http/app'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'

export const serviceToken = 't'.repeat(32)

/** A service with the routes of a test, closed when that test is over. */
export async function buildTestService(
  routes: ServiceAppOptions['routes'],
  more: Partial<ServiceAppOptions> = {},
): Promise<FastifyInstance> {
  const app = await buildServiceApp({
    name: 'test',
    description: 'A service of the tests.',
    serviceToken,
    logger: undefined,
    readyChecks: [],
    routes,
    ...more,
  })
  onTestFinished(() => app.close())
  return app
}
