/**
 * Binds sealed data to what it is, its tenant and its identity: `<kind>:<tenant>:<member>`. Kind and tenant
 * are ASCII.
 */
export function additionalDataOf(kind: 'identity' | 'event', tenantId: string, member: Buffer): Buffer {
  const begin = `${kind}:${tenantId}:`
  const data = Buffer.allocUnsafe(begin.length + member.length)
  data.write(begin, 0, 'latin1')
  member.copy(data, begin.length)
  return data
}
