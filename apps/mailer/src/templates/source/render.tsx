import { render } from '@react-email/render'
import { withMso } from './mso.tsx'
import { NumberMail } from './number-mail.tsx'

/** The text of `generated/number-mail-html.ts`: the mail in each combination of its optional parts. */
export async function renderTemplates(): Promise<string> {
  const entries: string[] = []
  for (const logo of [false, true]) {
    for (const link of [false, true]) {
      const html = withMso(await render(<NumberMail logo={logo} link={link} />))
      // Suspense markers and preload hints have no meaning in a mail. The number starts its own line.
      const clean = html
        .replace(/^<!DOCTYPE [^>]*>/, '<!DOCTYPE html>')
        .replace(/<!--[\w$/]*-->|<link rel="preload"[^>]*>/g, '')
        .replaceAll('{{number}}', '\n{{number}}\n')
        .replaceAll('{{preview}}', '\n{{preview}}\n')
      entries.push(`  '${logo ? 'logo' : ''}${link ? 'link' : ''}': ${JSON.stringify(clean)},`)
    }
  }
  return `// Generated from source/number-mail.tsx by \`pnpm templates\`. Do not edit.
export const NUMBER_MAIL_HTML = {
${entries.join('\n')}
} as const
`
}
