import '@mantine/spotlight/styles.css'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconSearch } from '../components/icons/page-icons.ts'
import styles from './palette.module.css'
import { usePaletteGroups } from './use-palette-groups.ts'

const [store, spotlight] = createSpotlight()
/** What scrolls must be focusable. The list hands this on to its scroll area, which its type does not say. */
const FOCUSABLE = { viewportProps: { tabIndex: 0 } }

/** The command palette: pages and actions, found by a few letters of their names. */
export default function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const groups = usePaletteGroups(query)
  useEffect(() => (opened ? spotlight.open() : spotlight.close()), [opened])
  const isEmpty = groups.every(([, commands]) => commands.length === 0)

  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      scrollable
      maxHeight={420}
      size={560}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        placeholder={t('app.palette.placeholder')}
        aria-label={t('app.palette.placeholder')}
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <Spotlight.ActionsList {...FOCUSABLE}>
        {groups
          .filter(([, commands]) => commands.length > 0)
          .map(([label, commands]) => (
            <Spotlight.ActionsGroup key={label} label={label}>
              {commands.map(({ key, label: name, hint, icon: Icon, run }) => (
                <Spotlight.Action key={key} onClick={run} className={styles.action ?? ''}>
                  {Icon && <Icon size={16} stroke={1.7} aria-hidden />}
                  <span className={styles.label}>{name}</span>
                  {hint !== undefined && hint !== name && <span className={styles.hint}>{hint}</span>}
                </Spotlight.Action>
              ))}
            </Spotlight.ActionsGroup>
          ))}
        {isEmpty && <Spotlight.Empty>{t('app.palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
