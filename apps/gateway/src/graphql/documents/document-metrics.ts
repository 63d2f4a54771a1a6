import { Counter, type Registry } from 'prom-client'

/** Whose new document was refused because there were too many. */
export type CountRefusal = (whose: 'tenant' | 'stranger') => void

/** `emailauth_documents_refused_total`: new documents that were not parsed, by whose they were. */
export function createRefusalCounter(registry: Registry): CountRefusal {
  const counter = new Counter({
    name: 'emailauth_documents_refused_total',
    help: 'New GraphQL documents that were refused because their sender had sent too many.',
    labelNames: ['caller'],
    registers: [registry],
  })
  for (const caller of ['tenant', 'stranger']) counter.inc({ caller }, 0)
  return (caller) => counter.inc({ caller })
}
