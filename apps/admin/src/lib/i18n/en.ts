/**
 * The dashboard's texts in English that the sign-in page needs; the others are in `en-signed-in.ts`. `es.ts`
 * must have the keys of both, which a test checks.
 */
export const en = {
  app: {
    title: 'emailauth',
    language: 'Language',
    colorScheme: {
      auto: 'Colours: as the system',
      light: 'Colours: light',
      dark: 'Colours: dark',
    },
    close: 'Close',
    cancel: 'Cancel',
    retry: 'Try again',
    reload: 'Reload the page',
    loading: 'Loading',
    crashed: 'This page could not be shown',
    crashedHint: 'Its code may not have loaded. Other pages go on working.',
  },
  session: {
    withPasskey: 'Sign in with a passkey',
    passkeyRefused: 'This passkey was not taken: it is not known here, or it took too long.',
    passkeyStopped: 'The browser used no passkey. It may have none for this page, or you stopped it.',
    orMail: 'or with a number by mail',
    title: 'Sign in',
    intro:
      'For the operators of this emailauth: who is being verified, whether their mails arrive, and the tenants’ settings.',
    email: 'Your email address',
    noEmail: 'Enter your email address.',
    mailMe: 'Mail me a number',
    mailed:
      'If {{email}} belongs to an admin, a number is on its way there. It works in this browser for ten minutes.',
    number: 'Number from the mail',
    useNumber: 'Continue',
    otherEmail: 'Use another address',
    wrongNumber: 'This number is not valid: it may be mistyped, used or too old.',
    tooOften: 'There have been too many wrong numbers. Try again later.',
    or: 'or with an admin key',
    key: 'Admin key',
    keyHint: 'It stays in this browser tab and is forgotten when the tab is closed.',
    whereTitle: 'How do I get in?',
    where:
      'The file credentials.json in the data folder of this installation holds it as adminKey. Addresses that may sign in by mail stand in EMAILAUTH_ADMIN_EMAILS.',
    submit: 'Sign in',
    showKey: 'Show',
    hideKey: 'Hide',
    ended: 'Your session is over. Sign in again to go on where you were.',
    empty: 'Enter the admin key.',
    unknownKey: 'This key is not known, or it has been revoked.',
    tenantKey: 'This is the key of a tenant. The dashboard needs a key with admin scope.',
  },
  failure: {
    unreachable: 'The gateway cannot be reached.',
    unavailable: 'The gateway is too busy to answer.',
    persistence: 'Persistence does not answer: identities, events and settings cannot be read or changed.',
    live: 'Live updates do not come in at the moment.',
    mailer: 'The mailer does not answer: what it knows of mails is missing.',
    unauthenticated: 'Your session is over.',
    forbidden: 'This key may not do this.',
    invalid: 'The gateway does not understand this search or link.',
    refused: '{{message}}',
    gone: 'It is no longer there.',
    internal: 'The gateway could not answer.',
    requestId: 'Request ID',
    lastKnown: 'This is what was known at {{time}}. The page goes on trying by itself.',
  },
} as const
