import { lazy } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { RequireSession } from '../features/session/components/require-session.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { Shell } from './shell.tsx'

const SignInPage = lazy(() => import('../features/session/components/sign-in-page.tsx'))
const SessionsPage = lazy(() => import('../features/session/components/sessions-page.tsx'))
const EventsPage = lazy(() => import('../features/events/components/events-page.tsx'))
const MailPage = lazy(() => import('../features/mail/components/mail-page.tsx'))
const IdentitiesPage = lazy(() => import('../features/identities/components/identities-page.tsx'))

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route path="sign-in" element={<SignInPage />} />
        <Route element={<RequireSession />}>
          <Route index element={<Navigate to="/identities" replace />} />
          <Route path="identities" element={<IdentitiesPage />} />
          <Route path="events" element={<EventsPage />} />
          <Route path="sessions" element={<SessionsPage />} />
          <Route path="mail" element={<MailPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
    </Routes>
  )
}
