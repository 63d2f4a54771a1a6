import { expect, test } from 'vitest'
import { testInbox } from './test-inbox.ts'

const inbox = testInbox()

test('a mail may have a hundred addresses of each kind', async () => {
  const statusOf = async (kind: 'To' | 'Cc' | 'Bcc' | 'ReplyTo', count: number) => {
    const email = (n: number) => (kind === 'Bcc' ? `a${n}@example.com` : { Email: `a${n}@example.com` })
    const payload = { From: { Email: 'a@b.test' }, [kind]: Array.from({ length: count }, (_, n) => email(n)) }
    const to = kind === 'To' ? {} : { To: [{ Email: 'ada@example.com' }] }
    const reply = await inbox.app.inject({
      method: 'POST',
      url: '/api/v1/send',
      payload: { ...to, ...payload },
    })
    return reply.statusCode
  }
  for (const kind of ['To', 'Cc', 'Bcc', 'ReplyTo'] as const) {
    expect(await statusOf(kind, 100), kind).toBe(200)
    expect(await statusOf(kind, 101), kind).toBe(400)
  }
})
