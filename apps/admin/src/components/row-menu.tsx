import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Menu.css'
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface RowMenuProps {
  /** Name of the menu for screen readers. */
  readonly label: string
  /** `Menu.Item`s. */
  readonly children: ReactNode
}

/** The `…` menu of a row. */
export function RowMenu({ label, children }: RowMenuProps) {
  return (
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 0 }}
      width={190}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}
