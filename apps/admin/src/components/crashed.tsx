import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IconAlertTriangle } from './icons/first-icons.ts'
import { MessageState } from './message-state.tsx'

/** Replaces a page that failed to render or load. Other pages keep working. */
export function Crashed({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <MessageState
      icon={<IconAlertTriangle />}
      title={t('app.crashed')}
      hint={t('app.crashedHint')}
      headingLevel={1}
    >
      <Group>
        <Button onClick={onRetry}>{t('app.retry')}</Button>
        <Button variant="default" onClick={() => window.location.reload()}>
          {t('app.reload')}
        </Button>
      </Group>
    </MessageState>
  )
}
