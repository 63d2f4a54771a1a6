import type { Tenant } from '../client.ts'

/** The fake's own tenant, with the settings that a new tenant has. */
export function createFakeTenant(id: string, createdAt: number): Tenant {
  return {
    id,
    name: id,
    createdAt: new Date(createdAt).toISOString(),
    status: 'ACTIVE',
    testMode: false,
    settings: {
      version: 1,
      verification: 'NUMBER',
      ttlSeconds: 600,
      locale: 'en',
      mailsPerAddress: [
        { max: 1, windowSeconds: 30 },
        { max: 5, windowSeconds: 600 },
        { max: 20, windowSeconds: 86_400 },
      ],
      registersPerClientIp: { max: 30, windowSeconds: 600 },
      registersPerTenant: { max: 100_000, windowSeconds: 600 },
      missesPerClientIp: { max: 20, windowSeconds: 600 },
      missBudgetPerHour: 1000,
      boundDigits: 8,
      boundTries: 5,
      acceptedRisk: 1e-6,
      testAddresses: ['*+emailauth-test@example.com', '*@test.emailauth.invalid'],
      returnUrls: [],
      risk: {
        chance: 9.9e-7,
        per: 'HOUR',
        digits: 12,
        arithmetic: '(1000 × 900 live + 90000) / 10^12 = 9.9e-7 in an hour; accepted: 1.0e-6',
      },
      mail: {
        senderName: null,
        senderAddress: null,
        replyTo: null,
        colour: null,
        logoUrl: null,
        linkTemplate: null,
        smtpServer: null,
        codeInSubject: null,
        headers: null,
        texts: null,
      },
    },
  }
}
