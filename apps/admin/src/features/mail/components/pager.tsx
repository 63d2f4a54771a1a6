import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface PagerProps {
  readonly after: string | undefined
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null } | undefined
  readonly onPage: (after: string | undefined) => void
}

/** Links to older entries and back to the newest. */
export function Pager({ after, pageInfo, onPage }: PagerProps) {
  const { t } = useTranslation('mail')
  const older = pageInfo?.hasNextPage ? pageInfo.endCursor : undefined
  if (after === undefined && !older) return null
  return (
    <Group gap="xs">
      {after !== undefined && (
        <Button size="xs" variant="default" onClick={() => onPage(undefined)}>
          {t('newest')}
        </Button>
      )}
      {older && (
        <Button size="xs" variant="default" onClick={() => onPage(older)}>
          {t('older')}
        </Button>
      )}
    </Group>
  )
}
