import '@mantine/core/styles/DataList.css'
import '@mantine/core/styles/Drawer.css'
import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Identity } from '../api/use-identity-page.ts'
import { IdentityOverview } from './identity-overview.tsx'
import styles from './identity-panel.module.css'

interface IdentityPanelProps {
  /** Whose panel is open; undefined keeps it closed. */
  readonly id: string | undefined
  /** What the list knows already, so that the panel opens filled. */
  readonly fromList: Identity | undefined
  /** Something lies over the panel and takes keys and focus. */
  readonly covered: boolean
  readonly onClose: () => void
  readonly onClosed: () => void
  readonly onRevoke: (identity: Identity) => void
}

/** One identity beside the list. */
export default function IdentityPanel({
  id,
  fromList,
  covered,
  onClose,
  onClosed,
  onRevoke,
}: IdentityPanelProps) {
  const { t } = useTranslation()
  // Keeps the panel filled while it slides away.
  const [shown, setShown] = useState(id)
  if (id !== undefined && id !== shown) setShown(id)
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      onExitTransitionEnd={onClosed}
      position="right"
      title={t('identities.panel.label')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
      closeOnEscape={!covered}
      trapFocus={!covered}
      classNames={{ title: styles.title ?? '' }}
    >
      {shown !== undefined && (
        <IdentityOverview
          key={shown}
          id={shown}
          fromList={fromList}
          actions={(identity) => (
            <Button color="red" variant="outline" onClick={() => onRevoke(identity)}>
              {t('identities.revoke')}
            </Button>
          )}
        />
      )}
    </Drawer>
  )
}
