import { Center, Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Placeholder of a page whose code is loading. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <Center mih="40vh" role="status" aria-label={t('app.loading')}>
      <Loader type="dots" />
    </Center>
  )
}
