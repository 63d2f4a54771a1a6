import { Alert } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../lib/failure.ts'
import { useLocale } from '../lib/i18n/i18n.ts'
import { formatTime } from '../lib/time.ts'

/** Says that what is shown is no longer fresh, why, and since when. */
export function OutageBanner({ failure, since }: { failure: Failure; since: number }) {
  const { t } = useTranslation()
  const locale = useLocale()
  return (
    <Alert
      color="yellow"
      role="alert"
      icon={<IconCloudOff aria-hidden />}
      title={t(`failure.${failure.kind}`)}
    >
      {t('failure.lastKnown', { time: formatTime(locale, since) })}
      {failure.requestId !== undefined && ` ${t('failure.requestId')}: ${failure.requestId}`}
    </Alert>
  )
}
