import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Menu.css'
import { ActionIcon, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMayChange } from '../lib/may-change.ts'
import { IconDots } from './icons/page-icons.ts'
import { useFocusKept } from './use-focus-kept.ts'

interface RowMenuProps {
  /** Name of the menu for screen readers. */
  readonly label: string
  /** An act on the row is under way. */
  readonly busy?: boolean
  /** `Menu.Item`s. */
  readonly children: ReactNode
}

/** The `…` menu of a row. A read-only admin cannot open it, because all in it changes something. */
export function RowMenu({ label, busy = false, children }: RowMenuProps) {
  const { t } = useTranslation()
  const mayChange = useMayChange()
  const button = useFocusKept(busy)
  return (
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 0 }}
      width={190}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ActionIcon
          ref={button}
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={label}
          loading={busy}
          disabled={!mayChange}
          title={mayChange ? undefined : t('app.readOnly.why')}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}
