import { Alert, type AlertProps, Button, Code, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../lib/failure.ts'
import { IconAlertTriangle } from './icons/first-icons.ts'

interface FailureAlertProps extends Omit<AlertProps, 'children'> {
  readonly failure: Failure
  /** An action that helps. */
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** Shows a failure, what to do, and the request id to find in the log. */
export function FailureAlert({ failure, action, ...alert }: FailureAlertProps) {
  const { t } = useTranslation()
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} {...alert}>
      <Text size="sm">{t(`failure.${failure.kind}`)}</Text>
      {failure.requestId !== undefined && (
        <Text size="sm" mt={4}>
          {t('failure.requestId')}: <Code>{failure.requestId}</Code>
        </Text>
      )}
      {action && (
        <Button size="xs" mt="sm" variant="default" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </Alert>
  )
}
