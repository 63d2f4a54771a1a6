import { type FaultProxy, startFaultProxy } from '@emailauth/testing/fault-proxy'
import { type Knife, startKnife } from './knife.ts'

/** A way from one process to another that a test breaks at will. */
export type Link = FaultProxy & Pick<Knife, 'cutReplyAfter'>

export async function startLink(targetPort: number): Promise<Link> {
  const knife = await startKnife(targetPort)
  const faults = await startFaultProxy(knife.port)
  return {
    ...faults,
    cutReplyAfter: knife.cutReplyAfter,
    async stop() {
      await faults.stop()
      await knife.stop()
    },
  }
}
