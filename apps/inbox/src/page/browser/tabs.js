import { element } from './element.js'

/**
 * Tabs with the keys that people expect: arrows, Home, End. The first one is open.
 * @param {string} label
 * @param {{ name: string, content: Node }[]} tabs
 */
export function tabs(label, tabs) {
  const list = element('div', { role: 'tablist', 'aria-label': label })
  const panels = tabs.map(({ name, content }) => {
    const id = name.toLowerCase()
    list.append(
      element(
        'button',
        { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
        name,
      ),
    )
    return element(
      'div',
      { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}`, tabindex: '0' },
      content,
    )
  })
  const buttons = /** @type {HTMLButtonElement[]} */ ([...list.children])

  /** @param {number} open */
  function show(open) {
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(index === open))
      button.tabIndex = index === open ? 0 : -1
    }
    for (const [index, panel] of panels.entries()) panel.hidden = index !== open
  }

  for (const [index, button] of buttons.entries()) button.addEventListener('click', () => show(index))
  list.addEventListener('keydown', (event) => {
    const now = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    const open = (next + buttons.length) % buttons.length
    show(open)
    buttons[open]?.focus()
  })
  show(0)
  return element('div', { class: 'tabs' }, list, ...panels)
}
