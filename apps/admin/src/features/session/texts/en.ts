/** English texts of the sign-ins page, loaded with it. `es.ts` has the same keys. */
export const en = {
  sessions: {
    title: 'Sign-ins',
    none: 'Nobody is signed in by mail or passkey.',
    own: 'This browser',
    since: 'Signed in',
    until: 'ends',
    idle: 'without use',
    end: 'End',
    endWhose: 'End the session of {{email}}',
    failed: 'The sessions could not be loaded',
    endFailed: 'Could not be ended: the session of {{who}}',
  },
  passkeys: {
    title: 'Passkeys',
    intro: 'With a passkey you sign in by fingerprint, face or PIN, even when no mail arrives.',
    none: 'There are no passkeys yet.',
    add: 'Add a passkey',
    name: 'Name of the new passkey',
    noName: 'Enter a name.',
    added: 'Added',
    lastUsed: 'last used',
    neverUsed: 'never used',
    remove: 'Remove',
    removeWhich: 'Remove the passkey {{name}} of {{email}}',
    failed: 'The passkeys could not be loaded or added',
    removeFailed: 'Could not be removed: {{which}}',
    refused: 'The passkey was not added: the browser made none, or it took too long.',
    notHere:
      'Browsers use no passkeys at an IP address or without HTTPS. Open the dashboard by the name of its host, such as localhost.',
    needsSession: 'To add a passkey, sign in by mail or with another passkey.',
  },
} as const
