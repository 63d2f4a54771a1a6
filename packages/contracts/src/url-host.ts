/** Of what URLs allow in a host, DNS has only these. An underscore is no host name, but it is resolved. */
const NAME = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i
const LONGEST_NAME = 253
const IPV6 = /^\[[0-9a-f:.]+\]$/i

/** What {@link hasHost} asks of a URL. */
export const URL_HOST_RULE = 'must have a DNS name or an IP address as its host'

/**
 * Whether the host of a URL can exist. URLs also allow `*` or `a;b`, which no browser finds. Text that is no
 * URL counts as good, because the shapes report it by themselves.
 */
export function hasHost(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { hostname } = new URL(text)
  return IPV6.test(hostname) || (NAME.test(hostname) && hostname.replace(/\.$/, '').length <= LONGEST_NAME)
}
