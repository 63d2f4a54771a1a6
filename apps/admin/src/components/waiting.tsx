import { Center, Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Stands where a page will be while its code is on its way. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <Center mih="40vh" role="status" aria-label={t('app.loading')}>
      <Loader type="dots" />
    </Center>
  )
}
