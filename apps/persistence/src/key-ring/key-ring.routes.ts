import { keyRingReply } from '@emailauth/contracts/key-ring'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/app'
import type { KeyRingUse } from './key-ring-use.ts'

export function addKeyRingRoutes(app: ServiceApp, keyRing: KeyRingUse): void {
  app.get(
    '/v1/key-ring',
    {
      schema: {
        summary: 'The keys of the ring, and until when each is needed',
        response: { 200: keyRingReply, default: problem },
      },
    },
    async () => ({ keys: await keyRing.list() }),
  )
}
