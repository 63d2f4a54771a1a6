/** The alias rules of one provider. `+tag` is an alias at every domain. */
export interface MailProvider {
  /** Domains of its mailboxes. */
  readonly domains: readonly string[]
  /** A local part names the same mailbox at all of these domains. */
  readonly sameUnderAll?: true
  /** Characters of a local part that the provider ignores. */
  readonly ignored?: string
  /** Characters that the provider treats like the first of them. */
  readonly alike?: string
  /** The character that begins a tag, besides `+`. */
  readonly tag?: string
  /** `anything@name.domain` goes to `name@domain`. */
  readonly subdomains?: true
  /** The page that documents the rules. */
  readonly source: string
}

/**
 * Providers with documented rules. At any other provider the aliases of a mailbox count as several mailboxes.
 */
export const MAIL_PROVIDERS: readonly MailProvider[] = [
  {
    domains: ['gmail.com', 'googlemail.com'],
    sameUnderAll: true,
    ignored: '.',
    source: 'https://support.google.com/mail/answer/7436150 and https://support.google.com/mail/answer/10313',
  },
  {
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com'],
    source:
      'https://learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online',
  },
  {
    domains: [
      ...['yahoo.com', 'ymail.com', 'rocketmail.com', 'myyahoo.com', 'yahoo.ca', 'yahoo.de', 'yahoo.es'],
      ...['yahoo.fr', 'yahoo.ie', 'yahoo.in', 'yahoo.it', 'yahoo.no', 'yahoo.pl', 'yahoo.ro', 'yahoo.se'],
      ...[
        'yahoo.co.id',
        'yahoo.co.in',
        'yahoo.co.jp',
        'yahoo.co.nz',
        'yahoo.co.th',
        'yahoo.co.uk',
        'yahoo.co.za',
      ],
      ...['yahoo.com.ar', 'yahoo.com.au', 'yahoo.com.br', 'yahoo.com.hk', 'yahoo.com.mx', 'yahoo.com.my'],
      ...[
        'yahoo.com.ph',
        'yahoo.com.sg',
        'yahoo.com.tr',
        'yahoo.com.tw',
        'yahoo.com.vn',
        'yahoo.dk',
        'yahoo.gr',
      ],
    ],
    tag: '-',
    source: 'https://patents.google.com/patent/US20060041621A1 and https://help.yahoo.com/kb/SLN28815.html',
  },
  {
    domains: ['icloud.com', 'me.com', 'mac.com'],
    sameUnderAll: true,
    source: 'https://support.apple.com/118230',
  },
  {
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    sameUnderAll: true,
    ignored: '.-_',
    source:
      'https://proton.me/support/addresses-and-aliases and removeEmailAlias in https://github.com/ProtonMail/WebClients',
  },
  {
    domains: ['fastmail.com', 'fastmail.fm', 'sent.com', 'messagingengine.com'],
    subdomains: true,
    source: 'https://www.fastmail.help/hc/en-us/articles/360060591053',
  },
  {
    domains: [
      ...['yandex.ru', 'ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'yandex.uz'],
      ...['yandex.com.tr', 'narod.ru'],
    ],
    sameUnderAll: true,
    alike: '-.',
    source:
      'https://yandex.com/support/domain/additional/mailbox-alias.xml and https://yandex.com/support/id/authorization/username.html',
  },
]
