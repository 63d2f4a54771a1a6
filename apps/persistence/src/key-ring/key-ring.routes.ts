import { keyRingReply } from '@emailauth/contracts/key-ring'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import type { KeyRingUse } from './key-ring-use.ts'

const route = routeWith<KeyRingUse>()

export function addKeyRingRoutes(app: ServiceApp, keyRing: KeyRingUse): void {
  addRoutes(app, keyRing, [readKeyRing])
}

const readKeyRing = route({
  method: 'GET',
  url: '/v1/key-ring',
  schema: {
    summary: 'The keys of the ring, and until when each is needed',
    response: { 200: keyRingReply, default: problem },
  },
  handler: async (keyRing) => ({ keys: await keyRing.list() }),
})
