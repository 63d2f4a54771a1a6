import { Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { lazy, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LazyPart } from '../../../components/lazy-part.tsx'
import { OutageBanner } from '../../../components/outage-banner.tsx'
import { usePageTitle } from '../../../components/use-page-title.ts'
import { useShortcuts } from '../../../components/use-shortcuts.ts'
import { useNow } from '../../../lib/clock.ts'
import { type Identity, useIdentityPage } from '../api/use-identity-page.ts'
import { useNewCount } from '../api/use-new-count.ts'
import { useRevoke } from '../api/use-revoke.ts'
import { useView } from '../use-view.ts'
import { IdentityFilters } from './identity-filters.tsx'
import { IdentityListArea } from './identity-list-area.tsx'
import { NewNotice } from './new-notice.tsx'
import { Pager } from './pager.tsx'
import { useAnnouncement } from './use-announcement.ts'
import { useRowFocus } from './use-row-focus.ts'

const loadPanel = () => import('./identity-panel.tsx')
const loadConfirm = () => import('./revoke-confirm.tsx')
const IdentityPanel = lazy(loadPanel)
const RevokeConfirm = lazy(loadConfirm)

const TITLE_ID = 'identities-title'

/** Everybody who was mailed a number and has not brought it back yet. */
export default function IdentitiesPage() {
  const { t } = useTranslation()
  usePageTitle(t('identities.title'))
  const { view, trail, ...go } = useView()
  const page = useIdentityPage(view)
  const newCount = useNewCount(view, trail.newest)
  const { revoke, revoked } = useRevoke()
  const [revoking, setRevoking] = useState<Identity>()
  const now = useNow()
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false })
  const list = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const rows = useRowFocus(list)
  useShortcuts({ '/': () => search.current?.focus(), j: () => rows.move(1), k: () => rows.move(-1) })

  const { nodes, totalCount, pageInfo } = page.data ?? {}
  const identities = nodes?.filter(({ id, expiresAt }) => !revoked.has(id) && Date.parse(expiresAt) > now)
  const announcement = useAnnouncement(page.stale ? undefined : page.question, identities?.length)
  const endCursor = pageInfo?.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined
  // The count knows tenants, but neither address nor delivery.
  const counted = totalCount !== undefined && view.email === undefined && view.delivery === undefined

  function confirmed(identity: Identity) {
    setRevoking(undefined)
    if (view.open === identity.id) go.close()
    void revoke(identity)
  }

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h2" id={TITLE_ID}>
            {t('identities.title')}
          </Title>
          <Text c="dimmed">{t('identities.intro')}</Text>
        </div>
        {counted && !page.stale && (
          <Text c="dimmed" size="sm">
            {t('identities.total', { count: totalCount })}
          </Text>
        )}
      </Group>
      <IdentityFilters view={view} onChange={go.filter} searchRef={search} />
      {page.failure && page.failingSince !== undefined && page.data && (
        <OutageBanner failure={page.failure} since={page.failingSince} />
      )}
      <NewNotice count={newCount} onShow={go.newest} />
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <IdentityListArea
        page={page}
        identities={identities}
        view={view}
        wide={wide}
        labelledBy={TITLE_ID}
        onRevoke={setRevoking}
        onClearFilters={go.clearFilters}
        onNewest={go.newest}
        frame={{ ref: list, onFocus: rows.onFocus, onKeyDown: rows.onKeyDown }}
      />
      <Pager
        onPrevious={view.after === undefined ? undefined : go.previous}
        onNext={endCursor === undefined ? undefined : () => go.next(endCursor, nodes?.[0]?.createdAt ?? null)}
      />
      <LazyPart load={loadPanel} needed={view.open !== undefined}>
        <IdentityPanel
          id={view.open}
          fromList={identities?.find(({ id }) => id === view.open)}
          covered={revoking !== undefined}
          onClose={go.close}
          onClosed={rows.restore}
          onRevoke={setRevoking}
        />
      </LazyPart>
      <LazyPart load={loadConfirm} needed={revoking !== undefined}>
        <RevokeConfirm
          identity={revoking}
          onCancel={() => setRevoking(undefined)}
          onConfirm={confirmed}
          onClosed={() => view.open === undefined && rows.restore()}
        />
      </LazyPart>
    </Stack>
  )
}
