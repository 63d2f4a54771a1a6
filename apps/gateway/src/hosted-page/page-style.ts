import { DEFAULT_COLOUR } from '@emailauth/contracts/mail-settings'
import { readableOn } from '@emailauth/contracts/readable-on'

/** The stylesheet of the hosted page, with the tenant's accent colour. */
export function pageStyle(colour = DEFAULT_COLOUR): string {
  return `:root{color-scheme:light dark;--accent:${colour};--on-accent:${readableOn(colour)};
--link:light-dark(#0b57d0,#7cacf8);--problem:light-dark(#b3261e,#ff9d96);
font:1rem/1.5 system-ui,sans-serif;color:light-dark(#1f2328,#f0f3f6);background:light-dark(#f6f8fa,#0d1117)}
body{margin:0}
main{max-inline-size:26rem;margin:0 auto;padding:2rem 1rem;overflow-wrap:anywhere}
img{display:block;block-size:40px;max-inline-size:100%;object-fit:contain}
h1{font-size:1.5rem;line-height:1.25}
form{display:grid;gap:.75rem}
label{font-weight:600}
input{box-sizing:border-box;inline-size:100%;min-block-size:3rem;padding:.5rem .75rem;color:inherit;
font:1.25rem ui-monospace,"SF Mono",Menlo,Consolas,monospace;letter-spacing:.06em;
background:light-dark(#fff,#161b22);border:1px solid light-dark(#6e7781,#8b949e);border-radius:8px}
input[aria-invalid=true]{border:2px solid var(--problem)}
button{min-block-size:3rem;font:inherit;font-weight:600;border:0;border-radius:8px;cursor:pointer;
color:var(--on-accent);background:var(--accent)}
.quiet{justify-self:start;padding:0;font-weight:400;text-decoration:underline;color:var(--link);background:none}
a{display:inline-block;padding-block:.5rem;color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.resend>*{grid-area:1/1}
.wait{margin:0;padding-block:.5rem;align-self:center}
.wait b{font-weight:inherit}
[role=alert]{margin:0;color:var(--problem)}
.test{padding:.5rem .75rem;color:#000;background:#ffd33d;border-radius:8px}`
}

/** Longer waits are not counted down, because a running animation costs a phone power all the time. */
const COUNTED_SECONDS = 120

/**
 * Shows the wait before a resend, and then the button in its place, without a script. Short waits are counted
 * down, in browsers that know registered properties.
 */
export function timerStyle(seconds: number): string {
  if (seconds === 0) return ''
  const swap = `
@keyframes come{from{visibility:hidden}to{visibility:visible}}
@keyframes go{from{visibility:visible}to{visibility:hidden}}
.resend button{animation:come 0s ${seconds}s both}
.wait{animation:go 0s ${seconds}s both}`
  return seconds > COUNTED_SECONDS ? swap : swap + countdown(seconds)
}

const countdown = (seconds: number) => `
@property --s{syntax:"<integer>";inherits:false;initial-value:0}
@property --m{syntax:"<integer>";inherits:false;initial-value:0}
@property --r{syntax:"<integer>";inherits:false;initial-value:0}
@keyframes left{from{--s:${seconds}}}
.time{--m:calc(var(--s,${seconds})/60 - .499);--r:calc(var(--s,${seconds}) - 60*var(--m));
counter-reset:m var(--m) r var(--r);animation:left ${seconds}s linear}
.time::after{content:counter(m) ":" counter(r,decimal-leading-zero) " min"}
.time b{display:none}`
