import { Button, Code } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../lib/failure.ts'
import { IconAlertTriangle } from './icons/first-icons.ts'
import { MessageState } from './message-state.tsx'

interface FailedProps {
  readonly title: string
  readonly failure: Failure
  /** An action offered besides trying again. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
  readonly onRetry?: () => void
}

/** Replaces a list that could not be loaded. */
export function Failed({ title, failure, action, onRetry }: FailedProps) {
  const { t } = useTranslation()
  const shown = action ?? (onRetry && { label: t('app.retry'), run: onRetry })
  return (
    <div role="alert">
      <MessageState icon={<IconAlertTriangle />} title={title} hint={t(`failure.${failure.kind}`)}>
        {failure.requestId !== undefined && (
          <span>
            {t('failure.requestId')}: <Code>{failure.requestId}</Code>
          </span>
        )}
        {shown && (
          <Button variant="default" onClick={shown.run}>
            {shown.label}
          </Button>
        )}
      </MessageState>
    </div>
  )
}
