import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useLocale } from '../../../lib/i18n/i18n.ts'
import { formatDateTime } from '../../../lib/time.ts'

/** A date and time, with a dimmed addition. */
export function Moment({ at, beside }: { at: string; beside?: ReactNode }) {
  const locale = useLocale()
  return (
    <>
      <time dateTime={at}>{formatDateTime(locale, at)}</time>
      {beside !== undefined && (
        <Text component="span" size="sm" c="dimmed" display="block">
          {beside}
        </Text>
      )}
    </>
  )
}
