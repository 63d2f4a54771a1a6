import { useEffect, useEffectEvent } from 'react'
import { MessageListDocument, type MessageState } from '../../../generated/graphql.ts'
import { useGraphql } from '../../../lib/graphql/client-context.ts'
import { pageWithRows } from '../../../lib/page-with-rows.ts'

/**
 * Chooses the state that the page opens with: the messages that wait, because an admin can do something about
 * them, or those that were sent when none waits.
 * @param isNeeded false: a state is chosen already
 */
export function useOpeningState(
  tenantId: string | undefined,
  isNeeded: boolean,
  onFound: (state: MessageState) => void,
): void {
  const client = useGraphql()
  const open = useEffectEvent(onFound)
  useEffect(() => {
    if (!isNeeded) return undefined
    let isOver = false
    const firstWaiting = () =>
      pageWithRows(async (after) => {
        const of = { ...(tenantId !== undefined && { tenantId }), ...(after !== undefined && { after }) }
        return (await client.ask(MessageListDocument, { state: 'DEFERRED', first: 1, ...of })).messages
      }, undefined)
    firstWaiting()
      .then(({ nodes }): MessageState => (nodes.length > 0 ? 'DEFERRED' : 'SENT'))
      // Its list then shows what failed.
      .catch((): MessageState => 'SENT')
      .then((state) => !isOver && open(state))
    return () => {
      isOver = true
    }
  }, [client, tenantId, isNeeded])
}
