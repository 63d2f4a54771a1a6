import {
  IconActivity,
  IconBuilding,
  IconChartBar,
  IconHistory,
  IconMail,
  IconServer,
  IconShieldLock,
  IconUsers,
  IconWebhook,
} from '../components/icons/page-icons.ts'

/** The pages in the order of the rail: first those of a tenant, then those of the installation. */
export const NAVIGATION = [
  [
    { key: 'overview', path: '/overview', icon: IconChartBar },
    { key: 'identities', path: '/identities', icon: IconUsers },
    { key: 'messages', path: '/messages', icon: IconMail },
    { key: 'events', path: '/events', icon: IconActivity },
    { key: 'webhooks', path: '/webhooks', icon: IconWebhook },
  ],
  [
    { key: 'tenants', path: '/tenants', icon: IconBuilding },
    { key: 'audit', path: '/audit', icon: IconHistory },
    { key: 'sessions', path: '/sessions', icon: IconShieldLock },
    { key: 'system', path: '/system', icon: IconServer },
  ],
] as const
