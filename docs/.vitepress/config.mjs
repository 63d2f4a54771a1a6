import { rewriteLinks, slugify } from './links.mjs'
import { GROUPS, SPANISH } from './pages.mjs'

const sidebar = (language) =>
  GROUPS.map(({ text, collapsed, pages }) => ({
    text: text[language],
    collapsed,
    items: tree(pages, language),
  }))

/** The entries of pages; those of a folder open below its entrance. */
function tree(pages, language) {
  const entries = new Map()
  const top = []
  for (const [page, english, spanish = english] of pages) {
    const isSpanish = language === 'es' && SPANISH.has(page)
    const entry = { text: isSpanish ? spanish : english, link: `${isSpanish ? '/es' : ''}/${page}` }
    entries.set(page, entry)
    const entrance = entries.get(page.split('/')[0])
    if (entrance === entry || entrance === undefined) top.push(entry)
    else Object.assign(entrance, { collapsed: true, items: [...(entrance.items ?? []), entry] })
  }
  return top
}

const SEARCH_IN_SPANISH = {
  button: { buttonText: 'Buscar', buttonAriaLabel: 'Buscar' },
  modal: {
    noResultsText: 'No hay resultados para',
    resetButtonTitle: 'Borrar la búsqueda',
    footer: { selectText: 'abrir', navigateText: 'moverse', closeText: 'cerrar' },
  },
}

/** @type {import('vitepress').UserConfig} */
export default {
  title: 'emailauth',
  description: 'Proves that a person reads a mailbox.',
  srcExclude: ['examples/**', 'node_modules/**'],
  cleanUrls: true,
  lastUpdated: false,
  markdown: { anchor: { slugify }, config: rewriteLinks },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: sidebar('en') } },
    es: {
      label: 'Español',
      lang: 'es',
      description: 'Demuestra que una persona lee un buzón.',
      themeConfig: {
        sidebar: sidebar('es'),
        outline: { label: 'En esta página' },
        docFooter: { prev: 'Anterior', next: 'Siguiente' },
        darkModeSwitchLabel: 'Apariencia',
        langMenuLabel: 'Cambiar de idioma',
        returnToTopLabel: 'Volver arriba',
        sidebarMenuLabel: 'Menú',
      },
    },
  },
  themeConfig: {
    // Most pages are in English alone, so the language menu leads to the first page.
    i18nRouting: false,
    search: { provider: 'local', options: { locales: { es: { translations: SEARCH_IN_SPANISH } } } },
    socialLinks: [{ icon: 'github', link: 'https://github.com/emailauth/emailauth' }],
  },
}
