import { copyButton } from './copy.js'
import { byId, element } from './element.js'
import { deleteAll, fetchMessage, fetchPage, LISTED } from './inbox.js'
import { renderList } from './list.js'
import { goneView, messageView } from './message.js'

/** @import { Page } from './inbox.js' */

const POLL_MS = 2000
const TYPING_MS = 150

const list = byId('list')
const article = byId('message')
const search = /** @type {HTMLInputElement} */ (byId('search'))
const deleteButton = /** @type {HTMLButtonElement} */ (byId('delete-all'))
const confirm = /** @type {HTMLDialogElement} */ (byId('confirm'))
const hint = article.firstElementChild ?? element('p')

/** The mail that the address bar names: `#/message/<id>`. */
const openId = () => /^#\/message\/([\w-]+)$/.exec(location.hash)?.[1] ?? ''

/** Counts what was asked, so that an answer that comes late is not shown over a later one. */
let asked = 0
let timer = 0

/** Asks for the list, shows it, and asks again after a while, as long as somebody can see the page. */
async function refresh() {
  clearTimeout(timer)
  const turn = ++asked
  const wanted = search.value.trim()
  try {
    const page = await fetchPage(wanted)
    if (turn === asked) showPage(page, wanted)
  } catch {
    if (turn === asked) byId('status').textContent = 'The inbox does not answer. Trying again …'
  }
  if (turn === asked && !document.hidden) timer = setTimeout(refresh, POLL_MS)
}

/**
 * @param {Page} page
 * @param {string} wanted
 */
function showPage(page, wanted) {
  renderList(list, page.messages, openId())
  list.hidden = page.messages.length === 0
  byId('empty').hidden = page.total > 0
  byId('no-match').hidden = page.total === 0 || page.messages_count > 0
  byId('no-match-search').textContent = wanted
  byId('status').textContent = countLine(page, wanted)
  deleteButton.disabled = page.total === 0
  document.title = `${page.unread > 0 ? `(${page.unread}) ` : ''}Inbox · emailauth`
}

/**
 * @param {Page} page
 * @param {string} wanted
 */
function countLine({ total, unread, messages_count: found }, wanted) {
  if (total === 0) return ''
  const newest = found > LISTED ? `, the newest ${LISTED} shown` : ''
  if (wanted !== '') return `${found} of ${total} found${newest}`
  return `${total} ${total === 1 ? 'mail' : 'mails'}, ${unread} unread${newest}`
}

/** Shows the mail of the address bar, or none. */
async function openMessage() {
  const id = openId()
  const narrow = matchMedia('(max-width: 767px)').matches
  if (id === '') {
    const [before] = list.querySelectorAll('[aria-current]')
    article.replaceChildren(hint)
    document.body.classList.remove('reading')
    if (narrow && before instanceof HTMLElement) before.focus()
    return refresh()
  }
  const found = await fetchMessage(id).catch(() => undefined)
  if (id !== openId()) return
  article.replaceChildren(...(found === undefined ? goneView() : messageView(found.message, found.headers)))
  article.scrollTop = 0
  document.body.classList.add('reading')
  if (narrow) article.querySelector('h2')?.focus()
  return refresh()
}

search.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(refresh, TYPING_MS)
})
byId('clear-search').addEventListener('click', () => {
  search.value = ''
  search.focus()
  refresh()
})
deleteButton.addEventListener('click', () => {
  confirm.returnValue = 'cancel'
  confirm.showModal()
})
confirm.addEventListener('close', async () => {
  if (confirm.returnValue !== 'delete') return
  await deleteAll().catch(() => undefined)
  if (location.hash.length > 1) location.hash = ''
  else refresh()
})
addEventListener('hashchange', openMessage)
document.addEventListener('visibilitychange', refresh)
byId('command').append(copyButton('Copy', byId('command').textContent?.trim() ?? ''))
openMessage()
