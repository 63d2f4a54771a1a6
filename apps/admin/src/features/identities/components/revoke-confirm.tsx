import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Identity } from '../api/use-identity-page.ts'
import styles from './revoke-confirm.module.css'

interface RevokeConfirmProps {
  /** The one to be revoked; undefined keeps the dialog closed. */
  readonly identity: Identity | undefined
  readonly onCancel: () => void
  readonly onConfirm: (identity: Identity) => void
  /** The dialog has gone, one way or the other. */
  readonly onClosed: () => void
}

export default function RevokeConfirm({ identity, onCancel, onConfirm, onClosed }: RevokeConfirmProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={identity !== undefined}
      onClose={onCancel}
      onExitTransitionEnd={onClosed}
      transitionProps={{ duration: 0 }}
      title={t('identities.confirm.title')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
      zIndex={210}
      centered
    >
      <Text className={styles.email ?? ''}>
        <bdi>{identity?.email}</bdi>
      </Text>
      <Text size="sm" mt="xs">
        {t('identities.confirm.text')}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel} data-autofocus>
          {t('app.cancel')}
        </Button>
        <Button color="red" onClick={() => identity && onConfirm(identity)}>
          {t('identities.revoke')}
        </Button>
      </Group>
    </Modal>
  )
}
