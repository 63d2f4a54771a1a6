import { Navigate, Route, Routes } from 'react-router'
import { lazyPage } from '../components/lazy-page.tsx'
import Shell from './shell.tsx'

const NotFoundPage = lazyPage(() => import('./not-found-page.tsx'))
const SessionsPage = lazyPage(() => import('../features/session/components/sessions-page.tsx'))
const EventsPage = lazyPage(() => import('../features/events/components/events-page.tsx'))
const AuditPage = lazyPage(() => import('../features/events/components/audit-page.tsx'))
const OverviewPage = lazyPage(() => import('../features/overview/components/overview-page.tsx'))
const MessagesPage = lazyPage(() => import('../features/messages/components/messages-page.tsx'))
const TenantsPage = lazyPage(() => import('../features/tenants/components/tenants-page.tsx'))
const TenantPage = lazyPage(() => import('../features/tenants/components/tenant-page.tsx'))
const WebhooksPage = lazyPage(() => import('../features/webhooks/components/webhooks-page.tsx'))
const SystemPage = lazyPage(() => import('../features/system/components/system-page.tsx'))
const IdentitiesPage = lazyPage(() => import('../features/identities/components/identities-page.tsx'))

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/overview" replace />} />
        {/* An old URL of the sign-in page. */}
        <Route path="sign-in" element={<Navigate to="/overview" replace />} />
        <Route path="identities" element={<IdentitiesPage />} />
        <Route path="overview" element={<OverviewPage />} />
        <Route path="audit" element={<AuditPage />} />
        <Route path="events" element={<EventsPage />} />
        <Route path="sessions" element={<SessionsPage />} />
        <Route path="messages" element={<MessagesPage />} />
        <Route path="webhooks" element={<WebhooksPage />} />
        <Route path="tenants" element={<TenantsPage />} />
        <Route path="tenants/:id" element={<TenantPage />} />
        <Route path="system" element={<SystemPage />} />
        <Route path="mail" element={<Navigate to="/messages" replace />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
