import packageJson from '../../package.json' with { type: 'json' }

/** As `/api/v1/info` shows it. Clients of Mailpit print it and compare nothing. */
export const VERSION = `emailauth-${packageJson.version}`
