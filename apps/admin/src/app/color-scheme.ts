import { localStorageColorSchemeManager } from '@mantine/core'

export const colorSchemeManager = localStorageColorSchemeManager({ key: 'emailauth.color-scheme' })

/**
 * Sets the scheme before the first paint. Mantine would use an inline script, which the page's policy
 * forbids.
 */
export function showColorSchemeEarly(html: HTMLElement): void {
  const chosen = colorSchemeManager.get('auto')
  const dark = chosen === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
  html.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
}
