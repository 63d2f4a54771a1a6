import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { addExamples } from '../action.ts'

/** Adds `completion SHELL`, and the hidden `complete` that its scripts call. Every other command must be there already. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: 'completion' })
  const command = program.commands.find((one) => one.name() === 'completion')
  if (command === undefined) throw new Error('tab did not add its command')
  command.description('print the completion script of a shell')
  addExamples(command, [
    'source <(emailauth completion bash)',
    'source <(emailauth completion zsh)',
    'emailauth completion fish > ~/.config/fish/completions/emailauth.fish',
  ])
}
