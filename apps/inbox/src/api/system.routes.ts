import type { FastifyInstance } from 'fastify'
import type { MessageStore } from '../store.ts'
import { unreadOf } from './message-replies.ts'
import { fault } from './requests.ts'
import { VERSION } from './version.ts'

/** What Mailpit has and this inbox lacks. An empty answer would pass for a result, so these say that. */
const ABSENT = [
  '/api/v1/chaos',
  '/api/v1/tags',
  '/api/v1/tags/*',
  '/api/v1/message/:id/html-check',
  '/api/v1/message/:id/link-check',
  '/api/v1/message/:id/sa-check',
  '/api/v1/message/:id/release',
  '/api/v1/message/:id/part/:part/thumb',
]

/** What the inbox is, for clients that look before they start. */
export function addSystemRoutes(app: FastifyInstance, store: MessageStore): void {
  app.get('/api/v1/info', async () => {
    const all = store.list()
    const { accepted, acceptedBytes, deleted, bytes } = store.statistics()
    return {
      Version: VERSION,
      LatestVersion: VERSION,
      Database: 'memory',
      DatabaseSize: bytes,
      Messages: all.length,
      Unread: unreadOf(all),
      Tags: {},
      RuntimeStats: {
        Uptime: Math.floor(process.uptime()),
        Memory: process.memoryUsage.rss(),
        MessagesDeleted: deleted,
        SMTPAccepted: accepted,
        SMTPAcceptedSize: acceptedBytes,
        SMTPRejected: 0,
        SMTPIgnored: 0,
      },
    }
  })

  app.get('/api/v1/webui', async () => ({
    Label: 'emailauth',
    MessageRelay: {
      Enabled: false,
      SMTPServer: '',
      ReturnPath: '',
      AllowedRecipients: '',
      BlockedRecipients: '',
      OverrideFrom: '',
      PreserveMessageIDs: false,
    },
    SpamAssassin: false,
    ChaosEnabled: false,
    DuplicatesIgnored: false,
    HideDeleteAllButton: false,
  }))

  // Client libraries ask for the tags when they start. No mail here has one.
  app.get('/api/v1/tags', async () => [])
  for (const url of ABSENT)
    app.route({
      method: url === '/api/v1/tags' ? ['PUT'] : ['GET', 'PUT', 'POST', 'DELETE'],
      url,
      handler: async (_request, reply) =>
        fault(reply, 501, 'this inbox has no such function; run Mailpit itself if you need it'),
    })
}
