import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ActButton } from '../../../components/act-button.tsx'

interface SaveRowProps {
  readonly isChanged: boolean
  readonly busy: boolean
  readonly onReset: () => void
  /** What is saved. */
  readonly children: ReactNode
}

/** The end of a form that keeps what is typed: only these buttons end a draft. */
export function SaveRow({ isChanged, busy, onReset, children }: SaveRowProps) {
  const { t } = useTranslation('mail')
  return (
    <Group gap="xs" grow preventGrowOverflow={false}>
      <Button variant="default" disabled={!isChanged} onClick={onReset}>
        {t('reset')}
      </Button>
      <ActButton type="submit" loading={busy} disabled={!isChanged}>
        {children}
      </ActButton>
    </Group>
  )
}
