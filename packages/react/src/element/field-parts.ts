import type { NumberFieldTexts } from '../texts/number-field-texts.ts'

/** The elements of a field. */
export interface FieldParts {
  readonly input: HTMLInputElement
  readonly problem: HTMLElement
  readonly notice: HTMLElement
  readonly resend: HTMLButtonElement | undefined
}

let count = 0

/** Finds the parts in an element, and makes those that are missing. */
export function fieldParts(field: HTMLElement, texts: NumberFieldTexts): FieldParts {
  count += 1
  const add = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string) => {
    const made = document.createElement(name)
    made.className = className
    return made
  }
  field.classList.add('emailauth-field')
  let input = field.querySelector('input')
  if (input === null) {
    input = add('input', 'emailauth-field-input')
    input.name = field.getAttribute('name') ?? 'number'
    const label = add('label', 'emailauth-field-label')
    label.textContent = texts.label
    input.id = `emailauth-number-${count}`
    label.htmlFor = input.id
    field.append(label, input)
  }
  const defaults = {
    type: 'text',
    dir: 'ltr',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    autocorrect: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
  }
  for (const [name, value] of Object.entries(defaults))
    if (!input.hasAttribute(name)) input.setAttribute(name, value)

  let problem = field.querySelector<HTMLElement>('[role=alert]')
  if (problem === null) {
    problem = add('p', 'emailauth-field-problem')
    problem.setAttribute('role', 'alert')
    input.after(problem)
  }
  problem.id ||= `emailauth-problem-${count}`
  const described = new Set(input.getAttribute('aria-describedby')?.split(/\s+/) ?? [])
  input.setAttribute('aria-describedby', [...described.add(problem.id)].join(' '))

  let resend = field.querySelector<HTMLButtonElement>('button[data-resend]') ?? undefined
  if (resend === undefined && field.hasAttribute('resend-after')) {
    resend = add('button', 'emailauth-field-resend')
    resend.type = 'button'
    resend.dataset.resend = ''
    field.append(resend)
  }
  let notice = field.querySelector<HTMLElement>('[role=status]')
  if (notice === null) {
    notice = add('p', 'emailauth-field-notice')
    notice.setAttribute('role', 'status')
    field.append(notice)
  }
  return { input, problem, notice, resend }
}
