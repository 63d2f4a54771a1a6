import '@mantine/core/styles/Drawer.css'
import { ActionIcon, Drawer } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { BrandMark } from '../components/brand-mark.tsx'
import { IconMenu2, IconSearch } from '../components/icons/page-icons.ts'
import { openPalette } from './palette-store.ts'
import { Rail } from './rail.tsx'
import styles from './rail-drawer.module.css'

/** A bar that opens the rail on narrow screens. */
export function RailDrawer() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const { key } = useLocation()
  useEffect(() => setOpened(false), [key])
  return (
    <header className={styles.bar}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('app.menu')}
        onClick={() => setOpened(true)}
      >
        <IconMenu2 size={20} />
      </ActionIcon>
      <span className={styles.brand}>
        <BrandMark size={20} />
        emailauth
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('app.palette.open')}
        onClick={openPalette}
      >
        <IconSearch size={18} />
      </ActionIcon>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        size="17rem"
        withCloseButton={false}
        title={t('app.menu')}
        classNames={{ body: styles.body ?? '', header: styles.hidden ?? '' }}
      >
        <Rail />
      </Drawer>
    </header>
  )
}
