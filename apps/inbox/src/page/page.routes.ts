import font from '@emailauth/design/inter.woff2'
import tokens from '@emailauth/design/tokens.css' with { type: 'text' }
import type { FastifyInstance } from 'fastify'
import addressScript from './browser/address.js' with { type: 'text' }
import apiScript from './browser/api.js' with { type: 'text' }
import appScript from './browser/app.js' with { type: 'text' }
import colorSchemeScript from './browser/color-scheme.js' with { type: 'text' }
import colorSchemeSwitchScript from './browser/color-scheme-switch.js' with { type: 'text' }
import controlsStyle from './browser/controls.css' with { type: 'text' }
import copyScript from './browser/copy.js' with { type: 'text' }
import elementScript from './browser/element.js' with { type: 'text' }
import eventsScript from './browser/events.js' with { type: 'text' }
import htmlViewScript from './browser/html-view.js' with { type: 'text' }
import iconsScript from './browser/icons.js' with { type: 'text' }
import html from './browser/index.html' with { type: 'text' }
import languageScript from './browser/language.js' with { type: 'text' }
import linksScript from './browser/links.js' with { type: 'text' }
import listStyle from './browser/list.css' with { type: 'text' }
import listScript from './browser/list.js' with { type: 'text' }
import messageStyle from './browser/message.css' with { type: 'text' }
import messageScript from './browser/message.js' with { type: 'text' }
import numberScript from './browser/number.js' with { type: 'text' }
import partsScript from './browser/parts.js' with { type: 'text' }
import styleStyle from './browser/style.css' with { type: 'text' }
import tabsScript from './browser/tabs.js' with { type: 'text' }
import englishTexts from './browser/texts/en.js' with { type: 'text' }
import spanishTexts from './browser/texts/es.js' with { type: 'text' }

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

/** The page's files. Bundled with the code, so that the built inbox is one file. */
const FILES: readonly (readonly [path: string, type: string, content: string | Buffer])[] = [
  ['/', 'text/html; charset=utf-8', html],
  ['/page/inter.woff2', 'font/woff2', Buffer.from(font)],
  ['/page/tokens.css', STYLE, tokens],
  ['/page/controls.css', STYLE, controlsStyle],
  ['/page/list.css', STYLE, listStyle],
  ['/page/message.css', STYLE, messageStyle],
  ['/page/style.css', STYLE, styleStyle],
  ['/page/address.js', SCRIPT, addressScript],
  ['/page/api.js', SCRIPT, apiScript],
  ['/page/app.js', SCRIPT, appScript],
  ['/page/color-scheme.js', SCRIPT, colorSchemeScript],
  ['/page/color-scheme-switch.js', SCRIPT, colorSchemeSwitchScript],
  ['/page/copy.js', SCRIPT, copyScript],
  ['/page/element.js', SCRIPT, elementScript],
  ['/page/events.js', SCRIPT, eventsScript],
  ['/page/html-view.js', SCRIPT, htmlViewScript],
  ['/page/icons.js', SCRIPT, iconsScript],
  ['/page/language.js', SCRIPT, languageScript],
  ['/page/links.js', SCRIPT, linksScript],
  ['/page/list.js', SCRIPT, listScript],
  ['/page/message.js', SCRIPT, messageScript],
  ['/page/number.js', SCRIPT, numberScript],
  ['/page/parts.js', SCRIPT, partsScript],
  ['/page/tabs.js', SCRIPT, tabsScript],
  ['/page/texts/en.js', SCRIPT, englishTexts],
  ['/page/texts/es.js', SCRIPT, spanishTexts],
]

/** The page for people: it lives on the API beside it, and on nothing else. */
export function addPageRoutes(app: FastifyInstance): void {
  for (const [path, type, content] of FILES)
    app.get(path, { logLevel: 'silent' }, async (_request, reply) => reply.type(type).send(content))
}
