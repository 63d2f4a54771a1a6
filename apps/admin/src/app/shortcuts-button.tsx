import { ActionIcon } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { lazy, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LazyPart } from '../components/lazy-part.tsx'

const load = () => import('./shortcuts-dialog.tsx')
const ShortcutsDialog = lazy(load)

/** Shown where there is room, which is where there is a keyboard. */
export function ShortcutsButton() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        visibleFrom="sm"
        aria-label={t('app.shortcuts')}
        title={t('app.shortcuts')}
        onClick={() => setOpened(true)}
      >
        <IconKeyboard size={20} />
      </ActionIcon>
      <LazyPart load={load} needed={opened}>
        <ShortcutsDialog opened={opened} onClose={() => setOpened(false)} />
      </LazyPart>
    </>
  )
}
