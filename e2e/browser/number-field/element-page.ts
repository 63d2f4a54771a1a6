import '@emailauth/react/element'
import { probe, query, resend } from './page.ts'

const form = document.createElement('form')
const field = document.createElement('emailauth-number-field')
const digits = query.get('digits')
if (digits !== null) field.setAttribute('digits', digits)
field.setAttribute('resend-after', '30')
field.onresend = resend
field.addEventListener('number-change', (event) => {
  probe.number = (event as CustomEvent<{ number?: string }>).detail.number
})
field.addEventListener('number-complete', (event) => {
  probe.completed.push((event as CustomEvent<{ number: string }>).detail.number)
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  probe.sent.push(String(new FormData(form).get('number')))
  field.problem = { code: 'WRONG_CREDENTIALS' }
})
const button = document.createElement('button')
button.textContent = 'Continue'
form.append(field, button)
document.querySelector('main')?.append(form)
