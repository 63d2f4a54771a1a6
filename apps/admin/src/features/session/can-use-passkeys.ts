import { browserSupportsWebAuthn } from '@simplewebauthn/browser'

const IP_ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/

/** Whether this browser makes and uses passkeys on this page: never at an IP address, and beyond localhost by HTTPS only. */
export function canUsePasskeys({ hostname }: Pick<Location, 'hostname'> = location): boolean {
  return browserSupportsWebAuthn() && isSecureContext && !IP_ADDRESS.test(hostname)
}
