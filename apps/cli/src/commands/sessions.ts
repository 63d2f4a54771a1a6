import type { EmailauthClient, Session } from '@emailauth/client'
import { PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'
import { ago, timeLeft } from '../terminal/relative-time.ts'
import { layOut } from '../terminal/table.ts'

export function addSessions(program: Command, action: Action): void {
  const sessions = program.command('sessions').description('admins who are signed in to the dashboard')
  addExamples(sessions.command('list').description('list them').action(action(listSessions)), [
    'emailauth sessions list',
  ])
  const revoke = sessions
    .command('revoke')
    .description('end a session everywhere within 5 seconds')
    .argument('<id>', 'as the list shows it')
    .action(action(revokeSession))
  addExamples(revoke, ['emailauth sessions revoke 3f9c'])
}

async function listSessions({ output, settings }: Context): Promise<ExitCode> {
  const sessions = await allSessions(connect(await settings(), 'admin'))
  const now = Date.now()
  const rows = sessions.map(({ id, email, createdAt, expiresAt }) => [
    id,
    printable(email),
    ago(createdAt, now),
    timeLeft(expiresAt, now),
  ])
  const columns = [{ title: 'ID' }, { title: 'EMAIL', shrinks: true }, { title: 'SINCE' }, { title: 'LEFT' }]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  output.data(sessions, () => (rows.length === 0 ? '' : table))
  if (rows.length === 0) output.info('Nobody is signed in.')
  return EXIT.done
}

async function allSessions(client: EmailauthClient): Promise<Session[]> {
  const all: Session[] = []
  for (let after: string | undefined, more = true; more; ) {
    const { nodes, pageInfo } = await client.sessionPage({ first: PAGE_MAX, after })
    all.push(...nodes)
    after = pageInfo.endCursor ?? undefined
    more = pageInfo.hasNextPage && after !== undefined
  }
  return all
}

async function revokeSession({ output, settings }: Context, id: string): Promise<ExitCode> {
  const revoked = await connect(await settings(), 'admin').revokeSession(id)
  output.data({ id, revoked }, () => '')
  if (revoked) output.info('It ends within 5 seconds.')
  else output.problem('There is no such session.', 'See: emailauth sessions list')
  return revoked ? EXIT.done : EXIT.notFound
}
