import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { IconMapQuestion } from '../components/icons/page-icons.ts'
import { MessageState } from '../components/message-state.tsx'
import { usePageTitle } from '../components/use-page-title.ts'
import { useTitleFocus } from '../components/use-title-focus.ts'

export default function NotFoundPage() {
  const { t } = useTranslation()
  usePageTitle(t('app.notFound'))
  return (
    <MessageState
      icon={<IconMapQuestion />}
      title={t('app.notFound')}
      hint={t('app.notFoundHint')}
      headingLevel={1}
      titleRef={useTitleFocus()}
    >
      <Button component={Link} to="/identities">
        {t('app.toIdentities')}
      </Button>
    </MessageState>
  )
}
