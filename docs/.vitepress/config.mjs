import { rewriteLinks, slugify } from './links.mjs'
import { GROUPS, SPANISH } from './pages.mjs'

const sidebar = (language) =>
  GROUPS.map(({ text, collapsed, pages }) => ({
    text: text[language],
    collapsed,
    items: pages.map(([page, english, spanish = english]) => {
      const isSpanish = language === 'es' && SPANISH.has(page)
      return { text: isSpanish ? spanish : english, link: `${isSpanish ? '/es' : ''}/${page}` }
    }),
  }))

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
