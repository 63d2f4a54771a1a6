import { element } from './element.js'
import { icon } from './icons.js'
import { t } from './language.js'

const SHOWN_MS = 2000

/**
 * A button that copies a text and says so.
 * @param {string} text
 * @param {{ label?: string, name?: string, class?: string }} options `label` is shown beside the icon; `name` is for
 *   screen readers where there is no label
 */
export function copyButton(text, { label, name, class: className = '' } = {}) {
  const announced = element('span', { role: 'status', class: 'visually-hidden' })
  const shown = element('span', {}, label ?? '')
  const button = element(
    'button',
    {
      type: 'button',
      class: `${label === undefined ? 'icon-button' : 'with-icon'} ${className}`,
      'aria-label': name,
      title: name,
    },
    icon('copy'),
    ...(label === undefined ? [] : [shown]),
  )
  button.addEventListener('click', async () => {
    const outcome = await navigator.clipboard.writeText(text).then(
      () => /** @type {const} */ ('copied'),
      () => /** @type {const} */ ('notAllowed'),
    )
    button.firstElementChild?.replaceWith(icon(outcome === 'copied' ? 'check' : 'copy'))
    if (label !== undefined) shown.textContent = t(outcome)
    announced.textContent = t(outcome)
    setTimeout(() => {
      button.firstElementChild?.replaceWith(icon('copy'))
      if (label !== undefined) shown.textContent = label
      announced.textContent = ''
    }, SHOWN_MS)
  })
  return element('span', { class: 'copy-box' }, button, announced)
}
