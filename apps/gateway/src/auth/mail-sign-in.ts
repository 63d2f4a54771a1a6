/**
 * When admins may sign in by mail. `without-passkey`: only admins who have no passkey. `never`: no admin, so
 * that a stolen mailbox gives no access.
 */
export const MAIL_SIGN_IN = ['always', 'without-passkey', 'never'] as const
export type MailSignIn = (typeof MAIL_SIGN_IN)[number]
