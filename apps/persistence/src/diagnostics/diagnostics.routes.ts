import { diagnostics } from '@emailauth/contracts/diagnostics'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import type { ReadLane } from '@emailauth/service/read-lane'
import { type DiagnosisPort, diagnose } from './diagnose.ts'

export function addDiagnosticsRoutes(
  app: ServiceApp,
  { lane, ...port }: DiagnosisPort & { readonly lane: ReadLane },
): void {
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
}
