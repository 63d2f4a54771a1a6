import type { GatewayContext } from '../graphql/context.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'
import type { TenantDirectory } from '../tenants/tenant-directory.ts'

/** What the resolvers of messages, suppressions and previews work with. */
export interface MessagePorts {
  readonly persistence: Pick<Persistence, 'identity' | 'recordMailAct' | 'tenant'>
  readonly mailer: Pick<
    Mailer,
    | 'messagesInState'
    | 'messageCounts'
    | 'retryMessages'
    | 'dropMessage'
    | 'preview'
    | 'sendTestMail'
    | 'checkRelays'
    | 'suppressions'
    | 'addSuppressions'
    | 'clearSuppression'
    | 'forgetTenant'
  >
  readonly tenants: Pick<TenantDirectory, 'find' | 'sender'>
}

export type MessageContext = GatewayContext<MessagePorts>

/** The part of it with which suppressions are added. */
export interface AddSuppressionsContext extends Pick<MessageContext, 'caller'> {
  readonly services: {
    readonly persistence: Pick<MessagePorts['persistence'], 'recordMailAct' | 'tenant'>
    readonly mailer: Pick<MessagePorts['mailer'], 'addSuppressions' | 'forgetTenant'>
    readonly tenants: Pick<MessagePorts['tenants'], 'find'>
  }
}
