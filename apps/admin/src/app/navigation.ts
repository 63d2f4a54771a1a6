import {
  IconActivity,
  IconChartBar,
  IconHistory,
  IconMail,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react'

/** The pages, in the order of the rail: first what a tenant's operator looks at, then what belongs to the installation. */
export const NAVIGATION = [
  [
    { key: 'overview', path: '/overview', icon: IconChartBar },
    { key: 'identities', path: '/identities', icon: IconUsers },
    { key: 'messages', path: '/mail', icon: IconMail },
    { key: 'events', path: '/events', icon: IconActivity },
  ],
  [
    { key: 'audit', path: '/audit', icon: IconHistory },
    { key: 'sessions', path: '/sessions', icon: IconShieldLock },
  ],
] as const
