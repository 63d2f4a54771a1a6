import type { PageTexts } from '../page-texts.ts'

export const pt: PageTexts = {
  title: 'Veja o seu e-mail',
  sent: '{tenant} enviou um código para {email}.',
  label: 'Código do e-mail',
  go: 'Continuar',
  resend: 'Enviar o código novamente',
  resendIn: 'Enviar o código novamente em {time}',
  resent: 'O código foi enviado novamente.',
  back: 'Voltar a {tenant}',
  wrong: 'Este código não é válido. Veja a mensagem mais recente.',
  limited: 'Demasiadas tentativas. Tente novamente em {time}.',
  rejected: 'O servidor de e-mail deste endereço recusou a mensagem.',
  goneTitle: 'Este código já não é válido',
  gone: 'Foi usado, expirou ou existe um mais recente. Recomece na página de onde veio.',
  unknownTitle: 'Esta página não existe',
  unknown: 'A ligação está incompleta ou o serviço não usa esta página.',
  foreign: 'Este formulário foi enviado a partir de outro site.',
  failedTitle: 'Não funcionou',
  failed: 'Volte atrás e tente novamente daqui a pouco.',
  testMode: 'Modo de teste: não é enviado nenhum e-mail.',
}
