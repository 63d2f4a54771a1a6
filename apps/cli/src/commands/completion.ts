import type { Command } from 'commander'
import type { World } from '../context.ts'
import { addExamples } from '../terminal/help.ts'

const COMPLETION = 'completion'
const DESCRIPTION = 'print the completion script of a shell'

type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

/** The package that completes command lines. */
export interface Tab {
  readonly tab: typeof import('@bomb.sh/tab/commander').default
  readonly script: typeof import('@bomb.sh/tab').script
}

/**
 * Loads it for a command line that may complete another one. It reads every command and option, which would
 * be a twentieth of each start.
 */
export async function loadTab(args: readonly string[]): Promise<Tab | undefined> {
  if (!args.includes(COMPLETION) && !args.includes('complete')) return undefined
  const [{ default: tab }, { script }] = await Promise.all([
    import('@bomb.sh/tab/commander'),
    import('@bomb.sh/tab'),
  ])
  return { tab, script }
}

/**
 * Adds `completion SHELL` and the hidden `complete` that its scripts call. Add it after all other commands.
 * Without the package the first is there for lists of commands alone.
 */
export function addCompletion(
  program: Command,
  { stdout }: Pick<World, 'stdout'>,
  loaded: Tab | undefined,
): void {
  if (loaded === undefined) {
    program.command(`${COMPLETION} <shell>`).description(DESCRIPTION)
    return
  }
  loaded.tab(program, { completionCommandName: COMPLETION })
  const command = program.commands.find((one) => one.name() === COMPLETION)
  if (command === undefined) throw new Error('tab did not add its command')
  command.description(DESCRIPTION).action((shell: Shell) => {
    if (shell === 'bash') stdout.write(BASH)
    else loaded.script(shell, 'emailauth', 'emailauth')
  })
  addExamples(command, [
    'source <(emailauth completion bash)',
    'source <(emailauth completion zsh)',
    'emailauth completion fish > ~/.config/fish/completions/emailauth.fish',
  ])
}

// tab's own bash script needs the package bash-completion, cannot be sourced twice, and evaluates the input.
const BASH = `# bash completion for emailauth
__emailauth_complete() {
    local IFS=$'\\n' cur="\${COMP_WORDS[COMP_CWORD]}" line value
    COMPREPLY=()
    while IFS= read -r line; do
        [[ "$line" == :* ]] && continue
        value="\${line%%$'\\t'*}"
        [[ "$value" == "$cur"* ]] && COMPREPLY+=("$value")
    done < <(emailauth complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F __emailauth_complete emailauth
`
