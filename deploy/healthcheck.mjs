// Exit code 0 when the service in this container answers at /healthz.
import { readFileSync } from 'node:fs'

const PORTS = { gateway: 4000, persistence: 4001, mailer: 4002 }
const started = readFileSync('/tmp/emailauth-service', 'utf8')
// One process of all three listens as the gateway does.
const service = started === 'serve' ? 'gateway' : started
const port = process.env[`EMAILAUTH_${service.toUpperCase()}_PORT`] ?? PORTS[service]
const scheme = service !== 'gateway' && process.env.EMAILAUTH_TLS_CERT ? 'https' : 'http'
if (scheme === 'https') {
  // A certificate of the client would be needed as well; that the port takes connections must do here.
  const { connect } = await import('node:net')
  connect(Number(port), '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(1))
} else {
  const reply = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
  process.exit(reply.ok ? 0 : 1)
}
