import type { PageTexts } from '../page-texts.ts'

export const cs: PageTexts = {
  title: 'Podívejte se do e-mailu',
  sent: '{tenant} posílá kód na adresu {email}.',
  label: 'Kód z e-mailu',
  go: 'Pokračovat',
  resend: 'Poslat kód znovu',
  resendIn: 'Poslat kód znovu za {time}',
  resent: 'Kód byl poslán znovu.',
  back: 'Zpět na {tenant}',
  wrong: 'Tento kód není platný. Podívejte se do nejnovějšího e-mailu.',
  limited: 'Příliš mnoho pokusů. Zkuste to znovu za {time}.',
  rejected: 'Poštovní server této adresy e-mail odmítl.',
  goneTitle: 'Tento kód už není platný',
  gone: 'Byl použit, vypršel nebo existuje novější. Začněte znovu na stránce, ze které jste přišli.',
  unknownTitle: 'Taková stránka neexistuje',
  unknown: 'Odkaz je neúplný nebo jeho služba tuto stránku nepoužívá.',
  foreign: 'Tento formulář byl odeslán z jiného webu.',
  failedTitle: 'Nepodařilo se to',
  failed: 'Vraťte se a zkuste to za chvíli znovu.',
  testMode: 'Testovací režim: žádný e-mail se neposílá.',
}
