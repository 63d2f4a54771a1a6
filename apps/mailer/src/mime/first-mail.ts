import { createMailRenderer } from './mail-cache.ts'

/**
 * Renders a mail that nobody gets. The first one of a process loads what Node knows of languages and
 * compiles the template: 20 to 100 ms, which the first call after a start would wait for.
 */
export async function renderFirstMail(): Promise<void> {
  const address = 'nobody@localhost'
  const renderMail = createMailRenderer(() => ({ name: '', address }), [])
  await renderMail({
    email: address,
    number: '000000000000',
    tenantName: 'nobody',
    locale: null,
    remainingMs: 600_000,
    messageId: address,
    date: new Date(0),
  })
}
