import { en } from './texts/en.js'
import { es } from './texts/es.js'

/** @typedef {'en' | 'es'} Language */

const KEY = 'emailauth-inbox-language'
const TEXTS = { en, es }

/** What was chosen on this page, else the first of the browser's languages that it knows, else English. */
const [language, locale] = chooseLanguage()
const plurals = new Intl.PluralRules(language)

/**
 * A text of the page.
 * @param {keyof typeof en} key
 * @param {Record<string, string | number>} values for its placeholders
 */
export function t(key, values = {}) {
  const text = /** @type {Record<string, string>} */ (TEXTS[language])[key] ?? en[key]
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}

/**
 * A text that counts, in the plural form of the language.
 * @param {'newMails' | 'count'} key
 * @param {number} count
 * @param {Record<string, string | number>} values
 */
export function tCount(key, count, values = {}) {
  const form = /** @type {keyof typeof en} */ (`${key}_${plurals.select(count)}`)
  return t(form, { ...values, count })
}

/** @param {Intl.DateTimeFormatOptions} options */
export const dateFormat = (options) => new Intl.DateTimeFormat(locale, options)

/** Fills in the texts of index.html: its content, and the attributes that are texts. */
export function translatePage() {
  document.documentElement.lang = language
  for (const node of document.querySelectorAll('[data-text]')) {
    node.textContent = t(/** @type {keyof typeof en} */ (node.getAttribute('data-text')))
  }
  for (const name of ['aria-label', 'placeholder']) {
    for (const node of document.querySelectorAll(`[data-${name}]`)) {
      node.setAttribute(name, t(/** @type {keyof typeof en} */ (node.getAttribute(`data-${name}`))))
    }
  }
}

/**
 * Makes a select choose the language. The page begins again in it; the mail that is open stays open.
 * @param {HTMLSelectElement} select
 */
export function languageSwitch(select) {
  select.value = language
  select.addEventListener('change', () => {
    try {
      localStorage.setItem(KEY, select.value)
    } catch {
      // A browser that keeps nothing for this page: the choice is in the address.
      history.replaceState(null, '', `?language=${select.value}${location.hash}`)
    }
    location.reload()
  })
}

/** @returns {[Language, string]} the language, and the tag with its region for dates */
function chooseLanguage() {
  const wanted = [...browserTags()]
  const chosen = chosenLanguage()
  const known = wanted.find((tag) => /^(en|es)\b/i.test(tag))
  const found = chosen ?? (known?.toLowerCase().startsWith('es') ? 'es' : 'en')
  return [found, wanted.find((tag) => tag.toLowerCase().startsWith(found)) ?? found]
}

/** @returns {Language | undefined} */
function chosenLanguage() {
  let text = new URLSearchParams(location.search).get('language')
  try {
    text ??= localStorage.getItem(KEY)
  } catch {
    // As above.
  }
  return text === 'en' || text === 'es' ? text : undefined
}

/** The browser's languages, without those that are no language tags, such as `en-US@posix`. */
function browserTags() {
  return (navigator.languages ?? []).filter((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length === 1
    } catch {
      return false
    }
  })
}
