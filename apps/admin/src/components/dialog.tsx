import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogProps {
  readonly opened: boolean
  readonly title: string
  readonly onClose: () => void
  readonly size?: string
  /** Rendered anew with each opening, so that nothing of the last one is left. */
  readonly children: ReactNode
}

/** A dialog with a form or a result. A click beside it does not close it, so that nothing typed is lost. */
export function Dialog({ opened, title, onClose, size = '32rem', children }: DialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
      transitionProps={{ duration: 0 }}
    >
      {opened && children}
    </Modal>
  )
}
