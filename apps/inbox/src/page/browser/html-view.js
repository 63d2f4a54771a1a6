import { shownScheme } from './color-scheme-switch.js'
import { element } from './element.js'
import { icon } from './icons.js'
import { t } from './language.js'
import { hasRemotePictures } from './links.js'

/** @import { Message } from './api.js' */

/** What was chosen for one mail holds for the next; the colours follow the page until they are chosen. */
const chosen = {
  width: 'desktop',
  /** @type {string | undefined} */
  scheme: undefined,
}

/**
 * The mail as people see it, at the width of a desktop or a phone, light or dark. The frame can do nothing: no
 * scripts, no forms, no origin. Its server sends the same rules. Links open in a tab of their own.
 * @param {Message} message
 */
export function htmlView({ ID, HTML }) {
  let remote = false
  const frame = element('iframe', {
    title: t('frame'),
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    referrerpolicy: 'no-referrer',
  })
  const stage = element('div', { class: 'stage' }, frame)
  const show = () => {
    const scheme = chosen.scheme ?? shownScheme()
    const query = new URLSearchParams({ embed: '1', scheme, ...(remote ? { remote: '1' } : {}) })
    const url = `/view/${ID}.html?${query}`
    if (frame.getAttribute('src') !== url) frame.setAttribute('src', url)
    stage.dataset.width = chosen.width
    stage.dataset.scheme = scheme
  }
  const width = segments('width', chosen.width, ['desktop', 'phone'], (value) => {
    chosen.width = value
    show()
  })
  const scheme = segments('colours', chosen.scheme ?? shownScheme(), ['light', 'dark'], (value) => {
    chosen.scheme = value
    show()
  })
  show()
  return element(
    'div',
    { class: 'html-view' },
    element('div', { class: 'view-tools' }, width, scheme, ...remoteNotice()),
    stage,
  )

  function remoteNotice() {
    if (!hasRemotePictures(HTML)) return []
    const button = element('button', { type: 'button' }, t('loadPictures'))
    button.addEventListener('click', () => {
      remote = true
      show()
      button.remove()
    })
    return [button]
  }
}

const ICONS = /** @type {const} */ ({ desktop: 'desktop', phone: 'phone', light: 'sun', dark: 'moon' })

/**
 * Radio buttons in one row.
 * @param {'width' | 'colours'} legend
 * @param {string} current
 * @param {(keyof typeof ICONS)[]} values
 * @param {(value: string) => void} onChoose
 */
function segments(legend, current, values, onChoose) {
  const options = values.map((value) => {
    const label = t(value)
    const input = element('input', { type: 'radio', name: legend, value, checked: value === current })
    input.addEventListener('change', () => onChoose(value))
    return element('label', { title: label }, input, icon(ICONS[value]), element('span', {}, label))
  })
  return element(
    'fieldset',
    { class: 'segments' },
    element('legend', { class: 'visually-hidden' }, t(legend)),
    ...options,
  )
}
