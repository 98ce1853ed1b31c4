// Runs before the first paint, so that a reader of the dark theme or of English never sees the other one flash by.
// A file of its own, since the page's policy allows no inline script. Keys: mode-watcher's, and src/lib/messages/locale.svelte.ts.
;(function () {
  var root = document.documentElement
  var mode = read('mode-watcher-mode')
  var dark = mode === 'dark' || (mode !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.classList.toggle('dark', dark)
  if (read('tekup-locale') === 'en') root.lang = 'en'

  function read(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
})()
