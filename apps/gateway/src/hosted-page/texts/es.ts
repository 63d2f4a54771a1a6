import type { PageTexts } from '../page-texts.ts'

export const es: PageTexts = {
  title: 'Mira tu correo',
  sent: '{tenant} ha enviado un código a {email}.',
  label: 'Código del correo',
  go: 'Continuar',
  resend: 'Enviar el código otra vez',
  resendIn: 'Enviar el código otra vez en {time}',
  resent: 'El código se ha enviado otra vez.',
  back: 'Volver a {tenant}',
  wrong: 'Este código no es válido. Mira el correo más reciente.',
  limited: 'Demasiados intentos. Inténtalo otra vez en {time}.',
  rejected: 'El servidor de correo de esta dirección rechazó el mensaje.',
  goneTitle: 'Este código ya no es válido',
  gone: 'Se ha usado, ha caducado o hay uno más reciente. Empieza de nuevo en la página de la que vienes.',
  unknownTitle: 'No existe esta página',
  unknown: 'El enlace está incompleto o su servicio no usa esta página.',
  foreign: 'Este formulario se envió desde otro sitio.',
  failedTitle: 'No ha funcionado',
  failed: 'Vuelve atrás e inténtalo otra vez dentro de un momento.',
  testMode: 'Modo de prueba: no se envía ningún correo.',
}
