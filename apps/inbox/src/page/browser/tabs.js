import { element } from './element.js'

/** Who reads the source of one mail wants that of the next. */
let lastOpen = ''

/**
 * Tabs with the keys that people expect: arrows, Home, End. The tab of the mail before is open, else the first.
 * @param {string} label
 * @param {{ id: string, name: string, count?: number, content: () => Node }[]} tabs `content` is made when it is first shown
 */
export function tabs(label, tabs) {
  const list = element('div', { role: 'tablist', 'aria-label': label })
  const panels = tabs.map(({ id, name, count }) => {
    list.append(
      element(
        'button',
        { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
        name,
        ...(count === undefined ? [] : [element('span', { class: 'tab-count' }, String(count))]),
      ),
    )
    return element('div', {
      role: 'tabpanel',
      id: `panel-${id}`,
      'aria-labelledby': `tab-${id}`,
      tabindex: '0',
    })
  })
  const buttons = /** @type {HTMLButtonElement[]} */ ([...list.children])

  /** @param {number} open */
  function show(open) {
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(index === open))
      button.tabIndex = index === open ? 0 : -1
    }
    for (const [index, panel] of panels.entries()) panel.hidden = index !== open
    const content = tabs[open]?.content
    if (content !== undefined && panels[open]?.firstChild === null) panels[open]?.append(content())
  }
  /** @param {number} index */
  function choose(index) {
    lastOpen = tabs[index]?.id ?? ''
    show(index)
  }

  for (const [index, button] of buttons.entries()) button.addEventListener('click', () => choose(index))
  list.addEventListener('keydown', (event) => {
    const now = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[event.key]
    if (now < 0 || next === undefined) return
    event.preventDefault()
    const open = (next + buttons.length) % buttons.length
    choose(open)
    buttons[open]?.focus()
  })
  show(
    Math.max(
      0,
      tabs.findIndex(({ id }) => id === lastOpen),
    ),
  )
  return element('div', { class: 'tabs' }, list, ...panels)
}
