const IP_ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/

/** Whether this page can use passkeys. Browsers refuse IP addresses, and plain HTTP beyond localhost. */
export function canUsePasskeys({ hostname }: Pick<Location, 'hostname'> = location): boolean {
  return 'PublicKeyCredential' in globalThis && isSecureContext && !IP_ADDRESS.test(hostname)
}
