import type { FastifyInstance } from 'fastify'
import appScript from './browser/app.js' with { type: 'text' }
import copyScript from './browser/copy.js' with { type: 'text' }
import elementScript from './browser/element.js' with { type: 'text' }
import inboxScript from './browser/inbox.js' with { type: 'text' }
import html from './browser/index.html' with { type: 'text' }
import listStyle from './browser/list.css' with { type: 'text' }
import listScript from './browser/list.js' with { type: 'text' }
import messageStyle from './browser/message.css' with { type: 'text' }
import messageScript from './browser/message.js' with { type: 'text' }
import numberScript from './browser/number.js' with { type: 'text' }
import style from './browser/style.css' with { type: 'text' }
import tabsScript from './browser/tabs.js' with { type: 'text' }

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

/** The page's files. Bundled as text, so that the built inbox is one file. */
const FILES: readonly (readonly [path: string, type: string, content: string])[] = [
  ['/', 'text/html; charset=utf-8', html],
  ['/page/style.css', STYLE, style],
  ['/page/list.css', STYLE, listStyle],
  ['/page/message.css', STYLE, messageStyle],
  ['/page/app.js', SCRIPT, appScript],
  ['/page/copy.js', SCRIPT, copyScript],
  ['/page/element.js', SCRIPT, elementScript],
  ['/page/inbox.js', SCRIPT, inboxScript],
  ['/page/list.js', SCRIPT, listScript],
  ['/page/message.js', SCRIPT, messageScript],
  ['/page/number.js', SCRIPT, numberScript],
  ['/page/tabs.js', SCRIPT, tabsScript],
]

/** The page for people: it lives on the API beside it, and on nothing else. */
export function addPageRoutes(app: FastifyInstance): void {
  for (const [path, type, content] of FILES)
    app.get(path, { logLevel: 'silent' }, async (_request, reply) => reply.type(type).send(content))
}
