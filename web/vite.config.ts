import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { compiledMessages } from './compiledMessages.ts'

/**
 * The page's own Content-Security-Policy. SvelteKit adds the hash of its one inline script and writes the
 * policy into 200.html as a meta element; the server adds what a meta element cannot say (frame-ancestors).
 */
const contentSecurityPolicy = {
  'default-src': ['none'],
  'script-src': ['self'],
  'style-src': ['self'],
  // SvelteKit's route announcer and bits-ui place themselves with style attributes; style elements stay refused.
  'style-src-attr': ['unsafe-inline'],
  'img-src': ['self', 'data:'],
  'font-src': ['self'],
  'connect-src': ['self'],
  'manifest-src': ['self'],
  'base-uri': ['none'],
  'form-action': ['self'],
} as const

/** Where `npm run dev` finds the server. */
const platform = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`

export default defineConfig({
  plugins: [
    compiledMessages(),
    tailwindcss(),
    sveltekit({
      adapter: adapter({ fallback: '200.html', precompress: true }),
      paths: { relative: false },
      csp: {
        mode: 'hash',
        directives: Object.fromEntries(
          Object.entries(contentSecurityPolicy).map(([name, sources]) => [name, [...sources]]),
        ),
      },
    }),
  ],
  // Files stay files: a data: URL for a script or a style would break the policy above.
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: { '/api': { target: platform, ws: true }, '^/f/': platform },
  },
})
