import { icon } from './icons.js'
import { t } from './language.js'

/** @typedef {'auto' | 'light' | 'dark'} Scheme */

/** @type {Record<Scheme, { next: Scheme, name: 'schemeAuto' | 'schemeLight' | 'schemeDark', icon: import('./icons.js').IconName }>} */
const SCHEMES = {
  auto: { next: 'light', name: 'schemeAuto', icon: 'desktop' },
  light: { next: 'dark', name: 'schemeLight', icon: 'sun' },
  dark: { next: 'auto', name: 'schemeDark', icon: 'moon' },
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
    button.setAttribute('aria-label', t(name))
    button.title = t(name)
  }
  button.addEventListener('click', () => {
    dispatchEvent(new CustomEvent('choose-color-scheme', { detail: current().next }))
  })
  addEventListener('color-scheme', show)
  show()
}
