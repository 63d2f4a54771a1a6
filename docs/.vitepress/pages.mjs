import { readdirSync, readFileSync } from 'node:fs'

const DOCS = new URL('../', import.meta.url)

/** The pages that have a place of their own in the sidebar. */
const PLACED = [
  {
    text: { en: 'Begin', es: 'Empezar' },
    pages: [
      ['index', 'What it is', 'Qué es'],
      ['getting-started', 'Getting started', 'Primeros pasos'],
      ['hosted-page', 'The hosted page', 'La página alojada'],
    ],
  },
  {
    text: { en: 'For programs', es: 'Para programas' },
    pages: [
      ['graphql', 'GraphQL'],
      ['rest', 'REST'],
      ['webhooks', 'Webhooks'],
      ['consumers', 'Where the packages run'],
      ['testing', 'Testing your program'],
      ['inbox', 'The development inbox'],
      ['cli', 'Command line'],
    ],
  },
  {
    text: { en: 'For operators', es: 'Para operadores' },
    pages: [
      ['deployment', 'Deployment'],
      ['operations', 'Operations'],
      ['mail', 'How mails arrive'],
      ['security', 'Security'],
    ],
  },
  {
    text: { en: 'How it is made', es: 'Cómo está hecho' },
    pages: [
      ['architecture', 'Architecture'],
      ['reliability', 'Reliability'],
      ['performance', 'Performance'],
      ['performance-history', 'How it became so fast'],
      ['comparison', 'Sources of the comparison'],
    ],
  },
]

const placed = new Set(PLACED.flatMap(({ pages }) => pages.map(([page]) => page)))

/** The other pages of a folder, such as `decisions/`, with the title of their headings. */
function othersIn(folder) {
  return readdirSync(new URL(`./${folder}`, DOCS))
    .filter((file) => file.endsWith('.md') && !placed.has(`${folder}${file.slice(0, -3)}`))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(`./${folder}${file}`, DOCS), 'utf8')
      const [, title = file] = /^# (.+)$/m.exec(text) ?? []
      return [`${folder}${file.slice(0, -3)}`, title]
    })
}

/** Every page of the site in the order of its sidebar. */
export const GROUPS = [
  ...PLACED,
  { text: { en: 'More', es: 'Más' }, pages: othersIn('') },
  { text: { en: 'Decisions', es: 'Decisiones' }, collapsed: true, pages: othersIn('decisions/') },
].filter(({ pages }) => pages.length > 0)

/** Pages that exist in Spanish too; the Spanish sidebar links to the English ones otherwise. */
export const SPANISH = new Set(['index', 'getting-started', 'hosted-page'])
