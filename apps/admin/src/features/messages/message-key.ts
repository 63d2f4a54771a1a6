import type { Message } from './api/use-message-list.ts'

/** Names a message among those of a list. */
export const messageKey = ({ identityId, messageId }: Message) => `${identityId} ${messageId}`
