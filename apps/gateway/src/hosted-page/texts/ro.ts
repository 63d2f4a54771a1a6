import type { PageTexts } from '../page-texts.ts'

export const ro: PageTexts = {
  title: 'Verifică-ți e-mailul',
  sent: '{tenant} a trimis un cod la {email}.',
  label: 'Codul din e-mail',
  go: 'Continuă',
  resend: 'Trimite codul din nou',
  resendIn: 'Trimite codul din nou peste {time}',
  resent: 'Codul a fost trimis din nou.',
  back: 'Înapoi la {tenant}',
  wrong: 'Acest cod nu este valabil. Uită-te la cel mai nou e-mail.',
  limited: 'Prea multe încercări. Încearcă din nou peste {time}.',
  rejected: 'Serverul de e-mail al acestei adrese a refuzat mesajul.',
  goneTitle: 'Acest cod nu mai este valabil',
  gone: 'A fost folosit, a expirat sau există unul mai nou. Ia-o de la capăt din pagina de unde ai venit.',
  unknownTitle: 'Această pagină nu există',
  unknown: 'Linkul este incomplet sau serviciul nu folosește această pagină.',
  foreign: 'Acest formular a fost trimis de pe alt site.',
  failedTitle: 'Nu a funcționat',
  failed: 'Mergi înapoi și încearcă din nou peste un moment.',
  testMode: 'Mod de testare: nu se trimite niciun e-mail.',
}
