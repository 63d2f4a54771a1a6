import { element } from './element.js'

/** @import { Summary, MailAddress } from './inbox.js' */

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** @param {readonly MailAddress[]} addresses */
export function addressLine(addresses) {
  return addresses.map(({ Name, Address }) => (Name === '' ? Address : `${Name} <${Address}>`)).join(', ')
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
  const subject = mail.Subject === '' ? '(no subject)' : mail.Subject
  const recipients = addressLine([...mail.To, ...mail.Cc, ...mail.Bcc])
  const created = new Date(mail.Created)
  const today = created.toDateString() === new Date().toDateString()
  const link = element(
    'a',
    { href: `#/message/${mail.ID}`, 'aria-label': `${subject}, to ${recipients}` },
    element('span', { class: 'subject' }, subject),
    element('time', { datetime: mail.Created }, (today ? TIME : DAY).format(created)),
    element('span', { class: 'recipient' }, recipients),
    element('span', { class: 'snippet' }, mail.Snippet),
  )
  return element('li', { 'data-id': mail.ID }, link)
}
