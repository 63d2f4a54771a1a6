import '@mantine/core/styles/Kbd.css'
import '@mantine/core/styles/Switch.css'
import { Kbd, Modal, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useShortcutsEnabled } from '../components/use-shortcuts.ts'
import styles from './shortcuts-dialog.module.css'

const SINGLE = [
  ['/', 'search'],
  ['j', 'down'],
  ['k', 'up'],
  ['g i', 'go'],
  ['?', 'help'],
] as const
const ALWAYS = [
  ['Ctrl K', 'palette'],
  ['↓ ↑', 'arrows'],
  ['Enter', 'open'],
  ['Esc', 'close'],
] as const

interface ShortcutsDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Lists the keyboard shortcuts. Single-key ones can be turned off here. */
export default function ShortcutsDialog({ opened, onClose }: ShortcutsDialogProps) {
  const { t } = useTranslation()
  const [enabled, setEnabled] = useShortcutsEnabled()
  const shortcuts = [...(enabled ? SINGLE : []), ...ALWAYS]
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('app.shortcuts')}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Switch
        label={t('app.keys.enabled')}
        description={t('app.keys.hint')}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <dl className={styles.keys}>
        {shortcuts.map(([key, name]) => (
          <div key={name}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(`app.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
