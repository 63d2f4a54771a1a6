import { ActionIcon, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { IconCheck, IconCopy } from './icons/first-icons.ts'

/** Copies a text. `what` names it for screen readers. */
export function CopyIcon({ value, what }: { value: string; what: string }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color={copied ? 'green' : 'gray'}
          onClick={copy}
          aria-label={copied ? t('app.copied') : t('app.copyWhat', { what })}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  )
}
