/**
 * When admins may sign in by mail. `without-passkey`: those who have no passkey; `never`: nobody, so that a stolen mailbox opens nothing.
 */
export const MAIL_SIGN_IN = ['always', 'without-passkey', 'never'] as const
export type MailSignIn = (typeof MAIL_SIGN_IN)[number]
