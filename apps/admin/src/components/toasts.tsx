import { useNotifications } from '@mantine/notifications'
import { lazy } from 'react'
import { LazyPart } from './lazy-part.tsx'

const load = () => import('./toast-region.tsx')
const ToastRegion = lazy(load)

/** Shows the results of actions. */
export function Toasts() {
  const { notifications } = useNotifications()
  return (
    <LazyPart load={load} needed={notifications.length > 0}>
      <ToastRegion />
    </LazyPart>
  )
}
