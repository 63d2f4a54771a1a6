import { Navigate, Outlet, useLocation } from 'react-router'
import { useSessionState } from '../session-context.ts'

/** Shows what is inside to those who are signed in; others are sent to sign in, and come back afterwards. */
export function RequireSession() {
  const state = useSessionState()
  const location = useLocation()
  if (state.status === 'signed-in') return <Outlet />
  return <Navigate to="/sign-in" replace state={{ from: location }} />
}
