import { addressLine } from './address.js'
import { copyButton } from './copy.js'
import { element } from './element.js'
import { icon } from './icons.js'
import { dateFormat, t } from './language.js'
import { findNumber } from './number.js'

/** @import { Summary } from './api.js' */

const TIME = dateFormat({ hour: '2-digit', minute: '2-digit' })
const DAY = dateFormat({ day: 'numeric', month: 'short' })

/**
 * How many of these mails the list does not show yet.
 * @param {HTMLElement} list
 * @param {readonly Summary[]} mails
 */
export function countNew(list, mails) {
  const known = new Set([...list.children].map((item) => /** @type {HTMLElement} */ (item).dataset.id))
  return mails.filter(({ ID }) => !known.has(ID)).length
}

/**
 * Brings the list up to date and leaves alone what did not change, so that focus and scroll position stay where they are.
 * @param {HTMLElement} list
 * @param {readonly Summary[]} mails newest first
 * @param {string} openId
 */
export function renderList(list, mails, openId) {
  const known = new Map(
    [...list.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.id, item]),
  )
  for (const [index, mail] of mails.entries()) {
    const item = known.get(mail.ID) ?? listItem(mail)
    known.delete(mail.ID)
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null)
    item.classList.toggle('unread', !mail.Read)
    const link = item.firstElementChild
    if (mail.ID === openId) link?.setAttribute('aria-current', 'true')
    else link?.removeAttribute('aria-current')
  }
  for (const gone of known.values()) gone.remove()
}

/** @param {Summary} mail */
function listItem(mail) {
  const subject = mail.Subject === '' ? t('noSubject') : mail.Subject
  const recipients = addressLine([...mail.To, ...mail.Cc, ...mail.Bcc])
  const number = findNumber(mail.Subject, mail.Snippet)
  const created = new Date(mail.Created)
  const today = created.toDateString() === new Date().toDateString()
  const hasAttachments = mail.Attachments > 0
  const values = { subject, recipients, count: mail.Attachments }
  const link = element(
    'a',
    {
      href: `#/message/${mail.ID}`,
      'aria-label': t(hasAttachments ? 'rowNameAttachments' : 'rowName', values),
    },
    element('span', { class: 'recipient' }, recipients),
    element(
      'span',
      { class: 'when' },
      ...(hasAttachments ? [icon('paperclip')] : []),
      element('time', { datetime: mail.Created }, (today ? TIME : DAY).format(created)),
    ),
    element('span', { class: 'subject' }, subject),
  )
  if (number === undefined) return element('li', { 'data-id': mail.ID }, link)
  const copy = copyButton(number.digits, { name: t('copyNumberOf', { number: number.shown }) })
  return element('li', { 'data-id': mail.ID }, link, copy)
}

/**
 * Arrow keys move between mails, as in mail programs.
 * @param {HTMLElement} list
 */
export function moveByArrows(list) {
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const item = document.activeElement?.closest('li')
    if (step === undefined || item === null || item === undefined) return
    event.preventDefault()
    const next = step === 1 ? item.nextElementSibling : item.previousElementSibling
    next?.querySelector('a')?.focus()
  })
}
