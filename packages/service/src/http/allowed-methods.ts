import type { FastifyInstance } from 'fastify'

/** The methods that a path answers to, sorted; none for a path that nothing answers to. */
export type AllowedMethods = (path: string) => readonly string[]

/**
 * Remembers the routes that are added from now on, so that a path asked for by another method is answered
 * with 405 and `Allow` instead of 404. Paths with a wildcard are left out: they belong to files.
 */
export function rememberMethods(app: FastifyInstance): AllowedMethods {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const pattern = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')))
      .join('/')
    routes.push({ path: new RegExp(`^${pattern}$`), methods: [method].flat() })
  })
  return (path) => {
    const methods = routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods)
    return [...new Set(methods)].sort()
  }
}
