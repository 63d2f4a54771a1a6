import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import dns from 'dns2'

/** Records of a name, by type. */
export interface TestRecords {
  readonly A?: readonly string[]
  /** Each a list of its strings, or one text that is cut into strings. */
  readonly TXT?: readonly (string | readonly string[])[]
  readonly MX?: readonly string[]
  readonly PTR?: readonly string[]
  /** Answers SERVFAIL to everything. */
  readonly fails?: true
  /** Answers nothing. */
  readonly isSilent?: true
}

/** A DNS server of this test's own, on loopback. */
export interface TestDns {
  /** `address:port`. */
  readonly server: string
  /** Questions since the start, as `A hooks.example`. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

const SERVFAIL = 2
const NXDOMAIN = 3

/** Serves these records by UDP; names that are not among them do not exist. */
export async function startDns(names: Readonly<Record<string, TestRecords>>): Promise<TestDns> {
  const { Packet } = dns
  const asked: string[] = []
  const server = dns.createServer({
    udp: true,
    handle(request, send) {
      const response = Packet.createResponseFromRequest(request)
      const [question] = request.questions
      const name = question?.name.toLowerCase() ?? ''
      const records = names[name]
      const type = question?.type
      asked.push(`${Object.entries(Packet.TYPE).find(([, code]) => code === type)?.[0]} ${name}`)
      if (records?.isSilent) return
      const base = { name, class: Packet.CLASS.IN, ttl: 60 }
      const answers: object[] = []
      for (const address of records?.A ?? []) answers.push({ ...base, type: Packet.TYPE.A, address })
      for (const data of records?.TXT ?? [])
        answers.push({ ...base, type: Packet.TYPE.TXT, data: stringsOf(data) })
      for (const [i, exchange] of (records?.MX ?? []).entries())
        answers.push({ ...base, type: Packet.TYPE.MX, exchange, priority: 10 * i })
      for (const domain of records?.PTR ?? []) answers.push({ ...base, type: Packet.TYPE.PTR, domain })
      response.answers = answers.filter((answer) => (answer as { type: number }).type === type) as never
      if (records === undefined) response.header.rcode = NXDOMAIN
      if (records?.fails) response.header.rcode = SERVFAIL
      send(response)
    },
  })
  await server.listen({ udp: { port: 0, address: '127.0.0.1' } })
  if (server.addresses().udp === undefined) await once(server, 'listening')
  // It listens by now.
  const { port } = server.addresses().udp as AddressInfo
  return { server: `127.0.0.1:${port}`, asked, stop: async () => void (await server.close()) }
}

/** A string has at most 255 bytes (RFC 1035, 3.3.14). */
function stringsOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? (text.match(/.{1,255}/g) ?? []) : text
}
