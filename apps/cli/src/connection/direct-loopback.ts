const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]']

/**
 * Adds this machine to `NO_PROXY`. With `NODE_USE_ENV_PROXY` Node sends every `fetch` to the proxy of the
 * environment, also those to our own services here. Node reads the variable at each request.
 */
export function keepLoopbackDirect(env: Record<string, string | undefined>): void {
  // Node prefers the lower case where both are set.
  const name = env.no_proxy === undefined ? 'NO_PROXY' : 'no_proxy'
  const known = (env[name] ?? '').split(/[\s,]+/).filter((host) => host !== '')
  if (known.includes('*')) return
  env[name] = [...new Set([...known, ...LOOPBACK])].join(',')
}
