/**
 * What a refusal is about. Only `recipient` means that nobody reads the mailbox. For the other classes
 * another relay, or the same one later, may accept the mail.
 */
export type RefusalClass =
  | 'recipient'
  | 'mailbox-full'
  | 'sender'
  | 'blocked'
  | 'limit'
  | 'relaying'
  | 'credentials'
  | 'content'
  | 'policy'
  | 'protocol'
  | 'temporary'
  | 'other'

/** One rule. The first row that matches counts. */
export interface RefusalRow {
  readonly says: RefusalClass
  /** Matched against the whole reply in lower case, without codes and addresses. */
  readonly text: RegExp
  readonly source: string
}

/** Enhanced status codes that prove a fault of the recipient. */
export const RECIPIENT_CODES: Readonly<Record<string, string>> = {
  '5.1.1': 'RFC 3463, 3.2: bad destination mailbox address',
  '5.1.2': 'RFC 3463, 3.2: bad destination system address',
  '5.1.3': 'RFC 3463, 3.2: bad destination mailbox address syntax',
  '5.1.6': 'RFC 3463, 3.2: destination mailbox has moved, no forwarding address',
  '5.1.10': 'RFC 7505: the domain of the recipient takes no mail (null MX)',
  '5.2.1': 'RFC 3463, 3.3: mailbox disabled, not accepting messages',
}

/** Codes without meaning: the text decides as if there were none. */
export const SILENT_CODES: Readonly<Record<string, string>> = {
  '5.0.0': 'RFC 3463, 3.1: other undefined status, the only undefined error code',
}

/** Other enhanced codes. The longest prefix that matches counts. */
export const OTHER_CODES: Readonly<Record<string, { says: RefusalClass; source: string }>> = {
  '5.1.7': { says: 'sender', source: "RFC 3463, 3.2: bad sender's mailbox address syntax" },
  '5.1.8': { says: 'sender', source: "RFC 3463, 3.2: bad sender's system address" },
  '5.2.2': { says: 'mailbox-full', source: 'RFC 3463, 3.3: mailbox full' },
  '5.2.3': { says: 'content', source: 'RFC 3463, 3.3: message length exceeds administrative limit' },
  '5.3.4': { says: 'content', source: 'RFC 3463, 3.4: message too big for system' },
  '5.4.5': {
    says: 'limit',
    source: 'Google: daily sending limit exceeded; RFC 3463, 3.5: mail system congestion',
  },
  '5.5.': { says: 'protocol', source: 'RFC 3463, 3.6: mail delivery protocol status' },
  '5.6.': { says: 'content', source: 'RFC 3463, 3.7: message content or media status' },
  '5.7.0': { says: 'policy', source: 'RFC 3463, 3.8: other or undefined security status' },
  '5.7.8': { says: 'credentials', source: 'RFC 4954: authentication credentials invalid' },
  '5.7.9': { says: 'credentials', source: 'RFC 4954: authentication mechanism is too weak' },
  '5.7.11': { says: 'credentials', source: 'RFC 4954: encryption required for requested mechanism' },
  '5.7.20': { says: 'sender', source: 'RFC 7372: no passing DKIM signature found' },
  '5.7.21': { says: 'sender', source: 'RFC 7372: no acceptable DKIM signature found' },
  '5.7.22': { says: 'sender', source: 'RFC 7372: no valid author-matched DKIM signature found' },
  '5.7.23': { says: 'sender', source: 'RFC 7372: SPF validation failed' },
  '5.7.24': { says: 'sender', source: 'RFC 7372: SPF validation error' },
  '5.7.25': { says: 'sender', source: 'RFC 7372: reverse DNS validation failed' },
  '5.7.26': { says: 'sender', source: 'RFC 7372: multiple authentication checks failed' },
  '5.7.27': { says: 'sender', source: 'RFC 7505: sender address has null MX' },
  '5.7.606': { says: 'blocked', source: 'Microsoft: access denied, banned sending IP' },
  '5.7.6': { says: 'blocked', source: 'Microsoft: 5.7.606 to 5.7.649, banned sending IP' },
  '5.7.5': { says: 'sender', source: 'Microsoft: 5.7.501 to 5.7.515, sender abuse and authentication' },
  '5.7.': { says: 'policy', source: 'RFC 3463, 3.8: security or policy status' },
}

/**
 * Texts about the sender, the relay or a temporary state. They override every sign of an unknown recipient,
 * even codes, because several servers use 5.1.1 or 5.2.1 for them.
 */
export const NOT_THE_RECIPIENT: readonly RefusalRow[] = [
  {
    says: 'content',
    text: /\b(?:contains|contained|because of|considered) (?:a )?(?:spam|virus|malware)\b|\bspam or virus\b/,
    source: 'Yandex: blocked because it contains spam; Kaspersky: contains spam or virus',
  },
  {
    says: 'blocked',
    text: /block(?:ed)?[ -]?list|black[ -]?list|\bdns[brw]l\b|\br[bh]l\b|spamhaus|spamcop|barracudacentral|\bsorbs\b|\bbl\.|blocked (?:using|by|for|due)|banned|\breputation\b|client host (?:rejected|.* blocked)|\bblocked\b(?! account| mailbox| user)/,
    source: 'Postfix reject_rbl_client, Spamhaus, Microsoft 5.7.606, Mimecast, Barracuda, GMX',
  },
  {
    says: 'sender',
    text: /\bsenders?\b|sending (?:address|domain|server|host)|mail from\b|\bfrom address|from: ?header|return[- ]?path|envelope[- ]from|(?:e-?mail )?address(?:es)? (?:is|are) not verified|not verified\b|\bsp(?:f|oof\w*)\b|\bdkim\b|\bdmarc\b|\bhelo\b|\behlo\b|reverse dns|\brdns\b|\bptr\b|\bunauthenticated\b|\bcallout\b|\bcallback\b/,
    source:
      'Postfix reject_sender_*, Exim sender verify, Amazon SES sandbox, Gmail 5.7.26, SPF and DMARC checks',
  },
  {
    says: 'limit',
    text: /\brate\b|\btoo (?:many|much|fast|often|frequent)|\blimit(?:s|ed)?\b|limit exceeded|throttl|frequen|\bdaily\b|\bhourly\b|sending quota|quota .* send|(?:message|sending|submission) quota|max(?:imum)? (?:number|hop)|receiving mail (?:at a rate|too quickly)/,
    source: 'Gmail 5.4.5 and ReceivingRatePerm, QQ, NetEase, Exchange RecipientRateLimit, Amazon SES quota',
  },
  {
    says: 'mailbox-full',
    text: /\bquota\b|\b(?:mail)?box(?: is|['’]s)? (?:over ?)?full|over ?quota|out of (?:disk|storage|space)|insufficient (?:system )?storage|exceeded (?:storage|allowed storage)|storage (?:allocation|space)|speichervolumen|too many messages on/,
    source: 'RFC 3463 X.2.2 in words; Dovecot, web.de, Gmail OverQuotaPerm',
  },
  {
    says: 'relaying',
    text: /relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed)|prohibited)|(?:not|unable to|cannot|denies|deny|no) relay|relay access|not permitted to relay|\brelaying\b|does not relay|not (?:a )?local (?:domain|host)|rcpthosts/,
    source:
      'Postfix Relay access denied, Exim relay not permitted, qmail rcpthosts, Sendmail Relaying denied',
  },
  {
    says: 'credentials',
    text: /authenticat(?:ion|e)\b.*(?:required|needed|first|fail|invalid)|(?:must|need to|please) (?:be )?authenticat|\bauth\b.* required|\bstarttls\b|must issue|credentials|smtp ?auth\b|log ?in first/,
    source: 'RFC 4954 and RFC 3207 in words; Postfix reject_unauth, Exchange SMTP AUTH',
  },
  {
    says: 'content',
    text: /\bspam\b|\bvirus\b|\bmalware\b|\bphish|\bcontent\b|suspicious|unsolicited|\bbulk\b|message (?:too (?:large|big)|size|refused)|too large/,
    source: 'Content filters: Postfix cleanup, Amavis, SpamAssassin, Gmail 5.7.1, NetEase DT:SPM',
  },
  {
    says: 'policy',
    text: /access denied|access deny|\bdenied\b|\bpolic(?:y|ies)\b|administrative|prohibit|not authori[sz]ed|not (?:allowed|permitted)|permission|restrict|greylist|try (?:again )?later|temporar|local problem|configuration|internal error/,
    source: 'Exchange Recipient address rejected: Access denied, Postfix access(5), Exim local policy',
  },
]

/**
 * Texts about an unknown or disabled mailbox. They count at RCPT with 550, 551 or 553, and only if no
 * enhanced code decides.
 */
export const RECIPIENT_TEXTS: readonly RefusalRow[] = [
  {
    says: 'recipient',
    text: /(?:unknown|no such|invalid|illegal|inactive|nonexist[ea]nt|non-existent|undeliverable|bad) (?:or (?:illegal|invalid|disabled) )?(?:local[ -]?)?(?:e-?mail )?(?:user|mailbox|recipient|account|address(?:ee)?|alias|local part|destination|rcpt)/,
    source:
      'Postfix user unknown, Exim Unknown user, Sendmail, Mimecast Invalid Recipient, web.de Unknown local part',
  },
  {
    says: 'recipient',
    text: /(?:user|mailbox|recipient|account|address(?:ee)?|alias|person|name|customer|mail drop|rcpt)\b.{0,60}?\b(?:unknown|not (?:be )?(?:found|known|exist)|(?:does|do|did) ?n[o'’]t exists?|does not exists?|doesn['’]t exist|no longer (?:exists|available|active|valid|in use|on)|not exist|no exist|is inactive|inactive|(?:has been |is |was )?(?:disabled|deactivated|suspended|closed|terminated|expired|discontinued|deleted|cancel?led|removed)|not (?:a )?(?:valid|active)|invalid|not (?:listed|recogni[sz]ed|present)|unallocated|abandoned)\b/,
    source:
      'Exchange RecipientNotFound, Gmail NoSuchUser, Mail.ru, Yandex, Domino not listed in directory, Comcast unallocated',
  },
  {
    says: 'recipient',
    text: /no (?:mailbox|one|account|person|user)\b.{0,30}?\b(?:here|by that name|with that name|at this address|exists)|not our customer|not a (?:known|local) user|not user of this server|(?:does not|doesn['’]t|not) have an? \S+ account|no such (?:person|address|recipient|name|domain|host)|unrouteable address|unroutable address|benutzer nicht bekannt|utilisateur inconnu|usuario desconocido|адресат не найден/,
    source: 'qmail no mailbox here by that name, Yahoo has no account, Exim Unrouteable address',
  },
  {
    says: 'recipient',
    text: /mailbox (?:is )?(?:currently )?unavailable|recipient unavailable/,
    source: 'GMX and IONOS: this address does not exist here; RFC 5321, 4.2.3: 550 mailbox unavailable',
  },
]
