import { deleteFound, fetchMessage, fetchPage, LISTED, markFoundRead, RefusedError } from './api.js'
import { colorSchemeSwitch } from './color-scheme-switch.js'
import { copyButton } from './copy.js'
import { byId, element } from './element.js'
import { followEvents } from './events.js'
import { languageSwitch, t, tCount, translatePage } from './language.js'
import { countNew, moveByArrows, renderList } from './list.js'
import { goneView, messageView } from './message.js'

/** @import { Page, Summary } from './api.js' */

const TYPING_MS = 150
/** Changes within this time are shown at once. */
const GATHER_MS = 50

translatePage()

const list = byId('list')
const article = byId('message')
const search = /** @type {HTMLInputElement} */ (byId('search'))
const deleteButton = byId('delete-all')
const markReadButton = byId('mark-read')
const confirm = /** @type {HTMLDialogElement} */ (byId('confirm'))
const held = byId('held')
const hint = article.firstElementChild ?? element('p')

/** The mail that the address bar names: `#/message/<id>`. */
const openId = () => /^#\/message\/([\w-]+)$/.exec(location.hash)?.[1] ?? ''

/** Counts what was asked, so that an answer that comes late is not shown over a later one. */
let asked = 0
let timer = 0
/** The search whose mails are listed. */
let shownSearch = ''

/** @param {number} afterMs */
function refreshSoon(afterMs) {
  clearTimeout(timer)
  timer = setTimeout(refresh, afterMs)
}

/** Asks for the list and shows it. Nobody sees a hidden page, so that it asks when it is shown again. */
async function refresh({ letAllIn = false } = {}) {
  clearTimeout(timer)
  if (document.hidden) return
  const turn = ++asked
  const wanted = search.value.trim()
  try {
    const page = await fetchPage(wanted)
    if (turn === asked) showPage(page, wanted, letAllIn)
  } catch (error) {
    if (turn === asked) showProblem(error instanceof RefusedError ? error.message : '')
  }
}

/** @param {string} problem empty for none */
function showProblem(problem) {
  byId('problem').textContent = problem
  byId('problem').hidden = problem === ''
  search.setAttribute('aria-invalid', String(problem !== ''))
}

/**
 * @param {Page} page
 * @param {string} wanted
 * @param {boolean} letAllIn also under the pointer
 */
function showPage(page, wanted, letAllIn) {
  showProblem('')
  const mayMove =
    letAllIn || wanted !== shownSearch || !list.matches(':hover') || !matchMedia('(hover: hover)').matches
  renderList(list, mayMove ? page.messages : holdBack(page.messages), openId())
  const waiting = countNew(list, page.messages)
  held.hidden = waiting === 0
  held.textContent = t('new', { count: waiting })
  held.setAttribute('aria-label', tCount('newMails', waiting))
  shownSearch = wanted
  list.hidden = page.messages.length === 0
  byId('empty').hidden = page.total > 0
  byId('no-match').hidden = page.total === 0 || page.messages_count > 0
  byId('no-match-search').textContent = wanted
  byId('more').hidden = page.messages_count <= LISTED
  byId('status').textContent = countLine(page, wanted)
  deleteButton.hidden = page.messages_count === 0
  deleteButton.textContent = wanted === '' ? t('deleteAll') : t('deleteFound', { count: page.messages_count })
  markReadButton.hidden = page.messages_unread === 0
  document.title = `${page.unread > 0 ? `(${page.unread}) ` : ''}${t('title')} · emailauth`
}

/**
 * Rows must not move while the pointer is over them, so new mails wait.
 * @param {readonly Summary[]} mails
 */
function holdBack(mails) {
  return mails.filter((mail) => countNew(list, [mail]) === 0)
}

/**
 * @param {Page} page
 * @param {string} wanted
 */
function countLine({ total, unread, messages_count: found }, wanted) {
  if (total === 0) return ''
  if (wanted !== '') return t('found', { count: found, total })
  return tCount('count', total, { unread })
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
  const onLeave = () => {
    location.hash = ''
  }
  article.replaceChildren(
    ...(found === undefined ? goneView() : messageView(found.message, found.headers, { onLeave })),
  )
  article.scrollTop = 0
  document.body.classList.add('reading')
  if (narrow) article.querySelector('h2')?.focus()
  return refresh()
}

/** @param {boolean} isConnected */
function showState(isConnected) {
  const live = byId('live')
  live.dataset.state = isConnected ? 'live' : 'lost'
  live.textContent = t(isConnected ? 'live' : 'lost')
}

search.addEventListener('input', () => refreshSoon(TYPING_MS))
byId('clear-search').addEventListener('click', () => {
  search.value = ''
  search.focus()
  refresh()
})
held.addEventListener('click', () => {
  refresh({ letAllIn: true })
  list.parentElement?.scrollTo({ top: 0 })
})
list.addEventListener('mouseleave', () => {
  if (!held.hidden) refresh({ letAllIn: true })
})
markReadButton.addEventListener('click', () => markFoundRead(shownSearch).catch(() => undefined))
deleteButton.addEventListener('click', () => {
  const isAll = shownSearch === ''
  byId('confirm-question').textContent = t(isAll ? 'confirmAll' : 'confirmFound')
  byId('confirm-delete').textContent = t(isAll ? 'confirmDeleteAll' : 'confirmDeleteFound')
  confirm.returnValue = 'cancel'
  confirm.showModal()
})
confirm.addEventListener('close', async () => {
  if (confirm.returnValue !== 'delete') return
  await deleteFound(shownSearch).catch(() => undefined)
  if (location.hash.length > 1) location.hash = ''
  else refresh()
})
addEventListener('keydown', (event) => {
  const isTyping = document.activeElement?.matches('input:not([type="radio"]), textarea')
  if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping || confirm.open) return
  event.preventDefault()
  search.focus()
})
addEventListener('hashchange', openMessage)
document.addEventListener('visibilitychange', () => refresh())
byId('command').append(copyButton(byId('command').textContent?.trim() ?? '', { name: t('copyCommand') }))
byId('more').textContent = t('newest', { count: LISTED })
languageSwitch(/** @type {HTMLSelectElement} */ (byId('language')))
colorSchemeSwitch(byId('color-scheme'))
moveByArrows(list)
byId('no-script').remove()
byId('live').hidden = false
followEvents({ onChange: () => refreshSoon(GATHER_MS), onState: showState })
openMessage()
