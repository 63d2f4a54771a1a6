import { Gauge, type Registry } from 'prom-client'
import { expiryOf } from '../network/certificate-expiry.ts'
import type { TlsSource } from '../network/tls.ts'

/** Shows when the certificates that are in use expire. */
export function addExpiryMetric(registry: Registry, tls: Pick<TlsSource, 'current'>): void {
  new Gauge({
    name: 'emailauth_certificate_expires_timestamp_seconds',
    help: 'When the TLS certificates between the services expire.',
    registers: [registry],
    collect() {
      const expiresAtMs = expiryOf(tls.current)?.expiresAtMs
      if (expiresAtMs !== undefined) this.set(expiresAtMs / 1000)
    },
  })
}
