import { Navigate, Outlet, useLocation } from 'react-router'
import { useSessionState } from '../session-context.ts'

/** Shows its children to signed-in admins. Others are sent to the sign-in page and return afterwards. */
export function RequireSession() {
  const state = useSessionState()
  const location = useLocation()
  if (state.status === 'signed-in') return <Outlet />
  return <Navigate to="/sign-in" replace state={{ from: location }} />
}
