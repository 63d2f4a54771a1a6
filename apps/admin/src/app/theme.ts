import { type CSSVariablesResolver, createTheme } from '@mantine/core'

// Mantine gives dialogs a <header>, which outside an article counts as the page's own banner.
const dialogHeader = { defaultProps: { role: 'presentation' } }

export const theme = createTheme({
  primaryColor: 'indigo',
  // White on these shades passes WCAG AA.
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: { ModalHeader: dialogHeader, DrawerHeader: dialogHeader },
})

/** Mantine's quieter text colours do not reach WCAG AA (4.5:1); these do, on every background in use. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1b1f24',
    '--mantine-color-default-color': '#1b1f24',
    '--mantine-color-dimmed': '#59616a',
    '--mantine-color-placeholder': '#6a727b',
    '--mantine-color-error': '#c92a2a',
    '--app-line': '#e4e7eb',
    '--app-control-border': '#868e96',
  },
  dark: {
    '--mantine-color-dimmed': '#a9abb0',
    '--mantine-color-placeholder': '#a0a2a8',
    '--mantine-color-error': '#ff8787',
    '--app-line': '#383a3d',
    '--app-control-border': '#777a80',
  },
})
