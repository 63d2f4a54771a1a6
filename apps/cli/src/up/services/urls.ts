import type { Output } from '../../terminal/output.ts'
import { wrapBeside, wrapCommand } from '../../terminal/wrap.ts'

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
  const line = (name: string, text: string) => wrapBeside(`  ${bold(name)}`, text, output.width, 15)
  output.data({ ...urls, url, credentials }, () =>
    [
      '',
      line('GraphQL', cyan(urls.graphql)),
      line('Dashboard', cyan(urls.dashboard)),
      line('Inbox', urls.inbox === null ? dim('none: mail goes to EMAILAUTH_SMTP_URL') : cyan(urls.inbox)),
      line('Metrics', `${cyan(urls.metrics)}${metricsPublic ? '' : dim(' with the service token')}`),
      line('Credentials', credentials),
      '',
    ].join('\n'),
  )
  const next = `${command} register --email ada@example.com --token hello`
  output.info(`Next, in a second terminal:\n\n${wrapCommand(next, output.infoWidth, 2)}\n`)
  output.info(output.infoColors.dim('Ctrl-C stops everything.'))
}
