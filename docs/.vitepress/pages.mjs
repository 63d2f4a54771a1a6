import { readdirSync, readFileSync } from 'node:fs'

const DOCS = new URL('../', import.meta.url)

/** The pages placed in the sidebar. Those of a folder `x/` stand below `x`, its entrance. */
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
      ['deployment/install', 'Install'],
      ['deployment/containers', 'Containers'],
      ['deployment/redis', 'Redis'],
      ['deployment/proxies', 'Proxies'],
      ['deployment/tls', 'TLS between the services'],
      ['deployment/processes', 'Several processes'],
      ['deployment/sizing', 'Sizing'],
      ['operations', 'Operations'],
      ['operations/alerts', 'Alerts and symptoms'],
      ['operations/deliveries', 'When mails do not arrive'],
      ['operations/monitoring', 'Health, metrics, logs'],
      ['operations/backups', 'Backup and restore'],
      ['operations/upgrades', 'Restarts and upgrades'],
      ['operations/keys', 'Keys and rotation'],
      ['operations/admins', 'Admins'],
      ['operations/dashboard', 'The dashboard'],
      ['operations/events', 'Events and statistics'],
      ['operations/tenant-mails', "A tenant's mails"],
      ['operations/relays', 'Relays'],
      ['mail', 'Mail on the Internet'],
      ['security', 'Security'],
      ['security/permissions', 'Who may do what'],
      ['security/theft', 'What a theft gives'],
      ['security/data-at-rest', 'What is sealed and kept'],
      ['security/personal-data', 'Personal data'],
      ['security/admin-sign-in', 'Sign-in of admins'],
      ['security/guessing', 'Guessing and flooding'],
      ['security/api-limits', 'Limits of the public API'],
      ['security/overload', 'Who may slow whom'],
      ['security/hosted-page', 'The hosted page'],
      ['security/test-tenants', 'Test tenants'],
    ],
  },
  {
    text: { en: 'How it is made', es: 'Cómo está hecho' },
    pages: [
      ['architecture', 'Architecture'],
      ['reliability', 'Reliability'],
      ['reliability/mail', 'Mail under failure'],
      ['reliability/history', 'Earlier and longer results'],
      ['performance', 'Performance'],
      ['performance/profile', 'Where the time goes'],
      ['performance/commands', 'Redis commands of each rule'],
      ['performance/memory', 'Bytes in Redis'],
      ['performance/start', 'Start, first second, memory'],
      ['performance/at-rest', 'At rest'],
      ['performance/one-process', 'One process of three services'],
      ['performance/beside-another', 'Beside another service'],
      ['performance/tenants', 'Between tenants'],
      ['performance/copies', 'Several copies, and a Cluster'],
      ['performance/history', 'How it became so fast'],
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
