import { readFile } from 'node:fs/promises'

const PAGE = new URL('../../../docs/deployment/processes.md', import.meta.url)

/** The numbers of the table "Bounds of each process" on that page for one service, by what they bound. */
export async function documentedBounds(service: string): Promise<Record<string, number[]>> {
  const page = await readFile(PAGE, 'utf8')
  const section = page.split('## Bounds of each process')[1]?.split('\n#')[0] ?? ''
  const rows = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  return Object.fromEntries(
    rows
      .filter(([, first]) => first === service)
      .map(([, , bound = '', numbers = '']) => [
        bound,
        numbers.split(';').map((number) => Number(number.trim().replaceAll(',', ''))),
      ]),
  )
}
