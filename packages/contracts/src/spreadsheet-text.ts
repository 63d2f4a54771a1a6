/**
 * Where a spreadsheet would begin to run a formula. In many countries it ends cells at semicolons, also
 * within quotes that began at a comma, so a part behind one is a cell too.
 */
const FORMULA = /(^|[;\t\r\n])(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?=[\t\r])/g
const MARKED = /(^|[;\t\r\n])'(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^'(?=[\t\r])/g

/** The text of a cell in a CSV file, with an apostrophe before what a spreadsheet would run as a formula. */
export function markFormulas(text: string): string {
  return text.replace(FORMULA, "$1'")
}

/** The text before it was marked. An apostrophe that it had in such a place itself is gone too. */
export function withoutMarks(text: string): string {
  return text.replace(MARKED, '$1')
}
