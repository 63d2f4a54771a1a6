import { type CSSVariablesResolver, createTheme } from '@mantine/core'

// Mantine gives dialogs a <header>, which counts as the page's banner outside an article.
const dialogHeader = { defaultProps: { role: 'presentation' } }

export const theme = createTheme({
  primaryColor: 'indigo',
  // White text on these shades passes WCAG AA.
  primaryShade: { light: 8, dark: 8 },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.25rem', lineHeight: '1.4' } } },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 'sm',
  radius: { sm: '0.375rem', md: '0.5rem', lg: '0.625rem' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    ModalHeader: dialogHeader,
    DrawerHeader: dialogHeader,
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
  },
})

/** Mantine's colour variables, set from our tokens. Its own dimmed text fails WCAG AA (4.5:1). */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const tokens = {
    '--mantine-color-body': 'var(--app-canvas)',
    '--mantine-color-text': 'var(--app-text)',
    '--mantine-color-default': 'var(--app-raised)',
    '--mantine-color-default-color': 'var(--app-text)',
    '--mantine-color-default-border': 'var(--app-line-strong)',
    '--mantine-color-default-hover': 'var(--app-hover)',
    '--mantine-color-dimmed': 'var(--app-dimmed)',
    '--mantine-color-placeholder': 'var(--app-dimmed)',
    '--mantine-color-error': 'var(--app-bad)',
    '--mantine-color-anchor': 'var(--app-accent-text)',
  }
  return { variables: {}, light: tokens, dark: tokens }
}
