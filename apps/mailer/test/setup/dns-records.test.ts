import { startDns } from '@emailauth/testing/dns'
import { expect, onTestFinished, test } from 'vitest'
import { createDnsRecords, DNS_LIMITS } from '../../src/setup/dns-records.ts'

test('a server that is silent is asked twice, with 3 s for its first answer; then nothing is known', async () => {
  expect(DNS_LIMITS).toEqual({ timeout: 3000, tries: 2 })
  const dns = await startDns({ 'silent.example': { isSilent: true } })
  onTestFinished(dns.stop)
  const records = createDnsRecords(dns.server, { ...DNS_LIMITS, timeout: 20 })
  await expect(records.txt('silent.example')).rejects.toThrow('TXT of silent.example: ETIMEOUT')
  expect(dns.asked).toEqual(['TXT silent.example', 'TXT silent.example'])
})
