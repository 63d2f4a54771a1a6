import { diagnostics } from '@emailauth/contracts/diagnostics'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import type { Store } from '../store.ts'
import { diagnose } from './diagnose.ts'

export function addDiagnosticsRoutes(app: ServiceApp, store: Store): void {
  app.get(
    '/v1/diagnostics',
    {
      schema: {
        summary: 'What an operator should fix',
        response: { 200: diagnostics, default: problem },
      },
    },
    async () => ({ findings: await store.lane.run(() => diagnose(store)) }),
  )
}
