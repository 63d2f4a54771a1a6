import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { useShortcuts } from '../components/use-shortcuts.ts'
import { useScopedPath } from '../features/tenants/tenant-scope.ts'

const SEQUENCE_MS = 1500
const PAGES = {
  o: '/overview',
  i: '/identities',
  m: '/messages',
  e: '/events',
  w: '/webhooks',
  t: '/tenants',
  a: '/audit',
  s: '/system',
} as const

/** `g` and a letter open a page, `?` lists the shortcuts. */
export function useGoShortcuts(onHelp: () => void): void {
  const navigate = useNavigate()
  const scoped = useScopedPath()
  const pressedAt = useRef(Number.NEGATIVE_INFINITY)
  const go = (path: string) => () => {
    const isSequence = performance.now() - pressedAt.current < SEQUENCE_MS
    pressedAt.current = Number.NEGATIVE_INFINITY
    if (isSequence) void navigate(scoped(path))
  }
  useShortcuts({
    '?': onHelp,
    g: () => {
      pressedAt.current = performance.now()
    },
    ...Object.fromEntries(Object.entries(PAGES).map(([key, path]) => [key, go(path)])),
  })
}
