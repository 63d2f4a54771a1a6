import type { Output } from '../output.ts'

export interface UpUrls {
  /** The gateway's base. */
  readonly url: string
  readonly inboxUrl: string | null
  /** false: the metrics ask for the service token. */
  readonly metricsPublic: boolean
  /** The path of credentials.json. */
  readonly credentials: string
  /** How the CLI is called from where `up` was called. */
  readonly command: string
}

/** The end of a good start: where everything is, and what to type next. */
export function printUrls(
  output: Output,
  { url, inboxUrl, credentials, metricsPublic, command }: UpUrls,
): void {
  const urls = {
    graphql: `${url}/graphql`,
    dashboard: `${url}/admin/`,
    inbox: inboxUrl,
    metrics: `${url}/metrics`,
  }
  const { bold, cyan, dim } = output.colors
  output.data({ ...urls, url, credentials }, () =>
    [
      '',
      `  ${bold('GraphQL')}      ${cyan(urls.graphql)}`,
      `  ${bold('Dashboard')}    ${cyan(urls.dashboard)}`,
      `  ${bold('Inbox')}        ${urls.inbox === null ? dim('none: mail goes to EMAILAUTH_SMTP_URL') : cyan(urls.inbox)}`,
      `  ${bold('Metrics')}      ${cyan(urls.metrics)}${metricsPublic ? '' : dim(' with the service token')}`,
      `  ${bold('Credentials')}  ${credentials}`,
      '',
    ].join('\n'),
  )
  output.info(`Next, in a second terminal:\n\n  ${command} register --email ada@example.com --token hello\n`)
  output.info(output.infoColors.dim('Ctrl-C stops everything.'))
}
