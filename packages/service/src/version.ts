/** The version of emailauth that this service is a part of. `npm run version-packages` writes it. */
export const VERSION = '0.1.0'
