import { script } from '@bomb.sh/tab'
import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import type { World } from '../context.ts'
import { addExamples } from '../terminal/help.ts'

type Shell = 'bash' | 'zsh' | 'fish' | 'powershell'

/**
 * Adds `completion SHELL` and the hidden `complete` that its scripts call. Add it after all other commands.
 */
export function addCompletion(program: Command, { stdout }: Pick<World, 'stdout'>): void {
  tab(program, { completionCommandName: 'completion' })
  const command = program.commands.find((one) => one.name() === 'completion')
  if (command === undefined) throw new Error('tab did not add its command')
  command.description('print the completion script of a shell').action((shell: Shell) => {
    if (shell === 'bash') stdout.write(BASH)
    else script(shell, 'emailauth', 'emailauth')
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
