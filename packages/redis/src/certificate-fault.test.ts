import { expect, test } from 'vitest'
import { isAboutCertificate } from './certificate-fault.ts'

test.each([
  'certificate has expired',
  'certificate is not yet valid',
  'self-signed certificate',
  'self-signed certificate in certificate chain',
  'unable to verify the first certificate',
  'unable to get local issuer certificate',
  "Hostname/IP does not match certificate's altnames: Host: 10.0.0.1. is not in the cert's altnames",
  'All sentinels are unreachable. Last error: certificate has expired',
  'Redis cannot be reached at rediss://…@redis.example:6379: self-signed certificate.',
])('%s: is about a certificate', (message) => {
  expect(isAboutCertificate(message)).toBe(true)
})

test.each([
  'Redis cannot be reached at rediss://certificate.example:6379.',
  'Redis cannot be reached at rediss://self-signed.example:6379: connect ECONNREFUSED 10.0.0.1:6379.',
  'getaddrinfo ENOTFOUND certificate.example',
  'getaddrinfo ENOTFOUND certificate',
  'getaddrinfo EAI_AGAIN my-altnames-certificate.example',
  'connect ECONNREFUSED 127.0.0.1:6379',
  '',
])('%s: is not', (message) => {
  expect(isAboutCertificate(message)).toBe(false)
})
