import type { Language, MailTexts } from './texts.ts'

const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace"

/**
 * The HTML form of a mail. Tables and inline styles, because mail programs know little else; the style sheet adds dark mode and
 * small screens where it is known. Texts and number come in escaped. The number begins a line of its own, see {@link MailValues}.
 */
export function numberMailHtml(language: Language, texts: MailTexts, number: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>${texts.heading}</title>
<style>
:root { color-scheme: light dark; }
a[x-apple-data-detectors] { color: inherit !important; text-decoration: none !important; }
@media (prefers-color-scheme: dark) {
  .page { background: #14171a !important; }
  .card { background: #1f2428 !important; border-color: #363c42 !important; }
  .strong { color: #f2f4f5 !important; }
  .text { color: #c9ced3 !important; }
  .quiet { color: #9aa2aa !important; }
  .number { background: #14171a !important; border-color: #4a525a !important; color: #ffffff !important; }
}
@media (max-width: 400px) {
  .cell { padding: 24px 16px !important; }
  .number { font-size: 25px !important; padding: 16px 6px !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f1f3f5;-webkit-text-size-adjust:100%">
<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden">
${texts.firstLine}
</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f1f3f5">
<tr>
<td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px;background:#ffffff;border:1px solid #dee2e6;border-radius:12px">
<tr>
<td class="cell" style="padding:32px;font-family:${SANS}">
<h1 class="strong" style="margin:0 0 20px;font-size:20px;line-height:28px;font-weight:600;color:#1a1d20;overflow-wrap:anywhere">${texts.heading}</h1>
<p class="number" style="margin:0 0 20px;padding:18px 8px;background:#f8f9fa;border:1px solid #ced4da;border-radius:8px;font-family:${MONO};font-size:30px;line-height:40px;font-weight:700;text-align:center;color:#0b0d0f;-webkit-user-select:all;user-select:all">
${number}
</p>
<p class="text" style="margin:0 0 12px;font-size:16px;line-height:24px;color:#343a40;overflow-wrap:anywhere">${texts.whatToDo}</p>
<p class="text" style="margin:0 0 20px;font-size:16px;line-height:24px;color:#343a40;overflow-wrap:anywhere">${texts.keepItSecret}</p>
<p class="quiet" style="margin:0;font-size:14px;line-height:20px;color:#5c636a">${texts.notYou}</p>
</td>
</tr>
</table>
</td>
</tr>
</table>
</body>
</html>
`
}
