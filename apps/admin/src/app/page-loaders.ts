import type { ComponentType } from 'react'

type Loader = () => Promise<{ default: ComponentType }>

/** The code of each page, by the first part of its path. */
const PAGE_LOADERS: Readonly<Record<string, Loader>> = {
  overview: () => import('../features/overview/components/overview-page.tsx'),
  identities: () => import('../features/identities/components/identities-page.tsx'),
  messages: () => import('../features/messages/components/messages-page.tsx'),
  events: () => import('../features/events/components/events-page.tsx'),
  tenants: () => import('../features/tenants/components/tenants-page.tsx'),
  webhooks: () => import('../features/webhooks/components/webhooks-page.tsx'),
  audit: () => import('../features/events/components/audit-page.tsx'),
  sessions: () => import('../features/session/components/sessions-page.tsx'),
  system: () => import('../features/system/components/system-page.tsx'),
}

/**
 * Loads a page's code together with that of the frame. Otherwise the browser would learn of it only when the
 * frame runs, a round trip later. A failure shows when the page is rendered.
 */
export function preloadPage(pathname: string): void {
  const [name = ''] = pathname.slice(import.meta.env.BASE_URL.length).split('/')
  void PAGE_LOADERS[name || 'overview']?.().catch(() => {})
}
