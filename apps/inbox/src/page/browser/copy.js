import { element } from './element.js'

const SHOWN_MS = 2000

/**
 * A button that copies a text and says so.
 * @param {string} label
 * @param {string} text
 */
export function copyButton(label, text) {
  const said = element('span', { role: 'status', class: 'visually-hidden' })
  const button = element('button', { type: 'button', class: 'copy' }, label)
  button.addEventListener('click', async () => {
    const outcome = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'Not allowed',
    )
    button.textContent = outcome
    said.textContent = outcome
    setTimeout(() => {
      button.textContent = label
      said.textContent = ''
    }, SHOWN_MS)
  })
  return element('span', { class: 'copy-box' }, button, said)
}
