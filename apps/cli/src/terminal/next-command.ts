const COMMAND = /(?<!npx )\bemailauth (?=(?:doctor|inbox|keys|login|tenants|up|webhooks)\b)/g

/**
 * A sentence whose commands can be typed where this one was: behind `npx` when npx runs us, because then
 * `emailauth` itself is not on the PATH.
 */
export function withNextCommand(sentence: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.npm_command === 'exec' ? sentence.replace(COMMAND, 'npx emailauth ') : sentence
}
