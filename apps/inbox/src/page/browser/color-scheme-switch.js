import { icon } from './icons.js'

/** @typedef {'auto' | 'light' | 'dark'} Scheme */

/** @type {Record<Scheme, { next: Scheme, name: string, icon: import('./icons.js').IconName }>} */
const SCHEMES = {
  auto: { next: 'light', name: 'Colours: system', icon: 'desktop' },
  light: { next: 'dark', name: 'Colours: light', icon: 'sun' },
  dark: { next: 'auto', name: 'Colours: dark', icon: 'moon' },
}

/** The colours that the page has now. */
export const shownScheme = () =>
  document.documentElement.dataset.mantineColorScheme === 'dark' ? 'dark' : 'light'

/**
 * Makes a button cycle through system, light and dark. Its name is the current scheme.
 * @param {HTMLElement} button
 */
export function colorSchemeSwitch(button) {
  const current = () => {
    const chosen = document.documentElement.dataset.chosenColorScheme
    return SCHEMES[chosen === 'light' || chosen === 'dark' ? chosen : 'auto']
  }
  const show = () => {
    const { name, icon: shape } = current()
    button.replaceChildren(icon(shape))
    button.setAttribute('aria-label', name)
    button.title = name
  }
  button.addEventListener('click', () => {
    dispatchEvent(new CustomEvent('choose-color-scheme', { detail: current().next }))
  })
  addEventListener('color-scheme', show)
  show()
}
