import type { NumberFieldTexts } from '../number-field-texts.ts'

export const pt: NumberFieldTexts = {
  label: 'Código do e-mail',
  resend: 'Enviar o código novamente',
  resendIn: 'Enviar o código novamente em {time}',
  resendReady: 'Já é possível enviar o código novamente.',
  resent: 'O código foi enviado novamente.',
  notDigits: 'O código tem apenas algarismos.',
  wrong: 'Este código não é válido. Veja a mensagem mais recente ou recomece.',
  limited: 'Demasiadas tentativas. Tente novamente em {time}.',
  gone: 'Este código expirou. Recomece.',
  rejected: 'O servidor de e-mail deste endereço recusou a mensagem. O endereço está correto?',
  failed: 'Não funcionou. Tente novamente.',
}
