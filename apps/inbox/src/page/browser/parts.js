import { copyButton } from './copy.js'
import { element } from './element.js'
import { t } from './language.js'

/** @import { Attachment } from './api.js' */
/** @import { Link } from './links.js' */

/**
 * The source, which is read when it is asked for.
 * @param {() => Promise<string>} fetchSource
 */
export function sourceView(fetchSource) {
  const shown = element('pre', { class: 'source' }, t('loading'))
  fetchSource().then(
    (source) => {
      shown.textContent = source
    },
    () => {
      shown.textContent = t('sourceFailed')
    },
  )
  return shown
}

/** @param {Record<string, string[]>} headers */
export function headerTable(headers) {
  const rows = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value))),
  )
  return element('table', { class: 'headers' }, element('tbody', {}, ...rows))
}

/** @param {readonly Link[]} links */
export function linkTable(links) {
  return element(
    'ul',
    { class: 'rows' },
    ...links.map(({ url, text, canOpen }) =>
      element(
        'li',
        {},
        element(
          'div',
          {},
          ...(text === '' ? [] : [element('span', { class: 'row-title' }, text)]),
          canOpen
            ? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url)
            : element('span', {}, url),
        ),
        copyButton(url, { name: t('copyUrl', { url }) }),
      ),
    ),
  )
}

/**
 * @param {readonly Attachment[]} attachments
 * @param {string} prefix URL of a part without its number
 */
export function attachmentList(attachments, prefix) {
  return element(
    'ul',
    { class: 'rows' },
    ...attachments.map(({ PartID, FileName, ContentType, Size }) =>
      element(
        'li',
        {},
        element(
          'div',
          {},
          element(
            'a',
            { href: `${prefix}${PartID}`, download: FileName },
            FileName || t('part', { id: PartID }),
          ),
          element('span', { class: 'dimmed' }, `${ContentType}, ${sizeLine(Size)}`),
        ),
      ),
    ),
  )
}

/** @param {number} bytes */
function sizeLine(bytes) {
  return bytes < 1024 ? t('bytes', { count: bytes }) : `${Math.round(bytes / 1024)} KiB`
}
