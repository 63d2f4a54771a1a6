import { Paper } from '@mantine/core'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import type { Identity, IdentityPage } from '../api/use-identity-page.ts'
import { toFilter } from '../view.ts'
import styles from './identities-page.module.css'
import { IdentityCards } from './identity-cards.tsx'
import type { IdentityListProps } from './identity-list.ts'
import { IdentityTable } from './identity-table.tsx'
import { ListSkeleton, NoMatch, NothingLeft, NothingYet } from './list-states.tsx'

interface IdentityListAreaProps extends Omit<IdentityListProps, 'identities'> {
  readonly page: IdentityPage
  /** Those of the page that are still active; undefined while nothing is known. */
  readonly identities: readonly Identity[] | undefined
  /** Room for a table. */
  readonly wide: boolean
  readonly onClearFilters: () => void
  readonly onNewest: () => void
  readonly frame: ComponentProps<typeof Paper>
}

/** The list, or what stands in its place: loading, failed, nothing yet, nothing found, nothing left. */
export function IdentityListArea({ page, wide, frame, ...rest }: IdentityListAreaProps) {
  return (
    <Paper className={styles.list ?? ''} withBorder radius="lg" aria-busy={page.stale} {...frame}>
      <Content page={page} wide={wide} {...rest} />
    </Paper>
  )
}

function Content(props: Omit<IdentityListAreaProps, 'frame'>) {
  const { page, identities, wide, view, onClearFilters, onNewest, ...list } = props
  const { t } = useTranslation()
  const { failure, retry } = page
  if (identities === undefined) {
    if (failure === undefined) return <ListSkeleton />
    // To ask the same wrong question again would not help.
    const action =
      failure.kind === 'invalid'
        ? { label: t('identities.filters.clear'), run: onClearFilters }
        : { label: t('app.retry'), run: retry }
    return <FailureAlert failure={failure} title={t('identities.failed')} action={action} m="md" />
  }
  if (identities.length > 0) {
    const List = wide ? IdentityTable : IdentityCards
    return <List identities={identities} view={view} {...list} />
  }
  if (view.after !== undefined) return <NothingLeft onNewest={onNewest} />
  return toFilter(view) ? <NoMatch onClear={onClearFilters} /> : <NothingYet />
}
