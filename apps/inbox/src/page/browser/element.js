/**
 * Makes an element. Text goes in as text only, never as HTML: everything here is written by strangers.
 * @param {string} tag
 * @param {Record<string, string | boolean | undefined>} attributes `true` sets it empty; `false` and `undefined` leave it out.
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  node.append(...children)
  return node
}

/**
 * The element of the page with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id)
  if (node === null) throw new Error(`the page has no #${id}`)
  return node
}
