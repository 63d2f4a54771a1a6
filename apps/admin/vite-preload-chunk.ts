import type { HtmlTagDescriptor, Plugin } from 'vite'

/**
 * Lets index.html preload a chunk that the entry imports as soon as it runs, with what the chunk needs.
 * Otherwise a browser learns of it one round trip later.
 * @param module the end of the module's path
 */
export function preloadChunk(module: string): Plugin {
  return {
    name: 'preload-chunk',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (bundle === undefined) return []
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module))
        if (found === undefined) throw new Error(`No chunk begins with ${module}.`)
        const wanted = [found.fileName, ...found.imports].filter((file) => !html.includes(file))
        return wanted.map(
          (file): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/admin/${file}` },
            injectTo: 'head',
          }),
        )
      },
    },
  }
}
