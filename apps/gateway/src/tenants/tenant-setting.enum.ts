import { tenantSettingName } from '@emailauth/contracts/tenant-updates'
import { contractEnum } from '../graphql/contract-enum.ts'

/** The names of the settings as a GraphQL enum. A new setting does not compile until it has one. */
export const TenantSetting = contractEnum(tenantSettingName.options, {
  name: 'TenantSetting',
  description: "A tenant's setting, to give it its default again.",
  values: {
    verification: '`verification`: NUMBER.',
    ttlSeconds: '`ttlSeconds`: 600.',
    locale: '`locale`: `en`.',
    mailsPerAddress: '`mailsPerAddress`: 1 in 30 s, 5 in 10 min, 20 in a day.',
    registersPerClientIp: '`registersPerClientIp`: 30 in 10 min.',
    registersPerTenant: '`registersPerTenant`: 100,000 in 10 min.',
    missesPerClientIp: '`missesPerClientIp`: 20 in 10 min.',
    missBudgetPerHour: '`missBudgetPerHour`: 1,000.',
    boundDigits: '`boundDigits`: 8.',
    boundTries: '`boundTries`: 5.',
    acceptedRisk: '`acceptedRisk`: 1e-6.',
    testAddresses: '`testAddresses`: `*+emailauth-test@example.com`, `*@test.emailauth.invalid`.',
    returnUrls: '`returnUrls`: none.',
    'mail.senderName': "`mail.senderName`: the service's.",
    'mail.senderAddress': "`mail.senderAddress`: the service's.",
    'mail.replyTo': '`mail.replyTo`: none.',
    'mail.colour': "`mail.colour`: the service's.",
    'mail.logoUrl': '`mail.logoUrl`: none.',
    'mail.linkTemplate': '`mail.linkTemplate`: none.',
    'mail.texts': '`mail.texts`: ours, in every language.',
    'mail.codeInSubject': '`mail.codeInSubject`: true.',
    'mail.headers': '`mail.headers`: those of all mails only.',
    'mail.smtpUrl': "`mail.smtpUrl`: the service's relays.",
  },
})
