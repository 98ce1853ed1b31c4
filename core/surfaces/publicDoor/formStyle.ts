/** How the page of a form looks: quiet, wide enough for a thumb, light or dark as the visitor has it. */
export const formStyle = `:root {
  color-scheme: light dark;
  --canvas: light-dark(#f8fafb, #0c1013);
  --surface: light-dark(#fff, #14191d);
  --ink: light-dark(#1b2024, #edf1f3);
  --soft: light-dark(#50595f, #a9b2b8);
  --line: light-dark(#8b959b, #6d777e);
  --edge: light-dark(#dde3e6, #262d32);
  --accent: light-dark(#00716b, #4fbdb4);
  --on-accent: light-dark(#fff, #062523);
  --danger: light-dark(#9d1c1c, #ffb4ab);
  --danger-wash: light-dark(#fdecea, #3a1a18);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--canvas);
  color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
main {
  max-width: 34rem;
  margin: clamp(0rem, 6vw, 4rem) auto;
  padding: clamp(1.5rem, 5vw, 2.5rem);
  background: var(--surface);
  border: 1px solid var(--edge);
  border-radius: 1rem;
}
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
p { margin: 0; }
.company { margin-bottom: 0.25rem; color: var(--soft); font-weight: 500; }
.intro { margin-top: 0.5rem; color: var(--soft); white-space: pre-line; text-wrap: pretty; overflow-wrap: anywhere; }
form { display: grid; gap: 1.125rem; margin-top: 1.5rem; }
.field { display: grid; gap: 0.375rem; }
label { font-weight: 500; overflow-wrap: anywhere; }
.optional { margin-left: 0.25rem; color: var(--soft); font-size: 0.875rem; font-weight: 400; }
input:not([type='checkbox']), textarea, select {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.625rem;
  background: var(--surface);
  color: inherit;
  font: inherit;
}
[aria-invalid='true'] { border-color: var(--danger); box-shadow: inset 0 0 0 1px var(--danger); }
a { color: var(--accent); }
textarea { min-height: 7rem; resize: vertical; field-sizing: content; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.consent { display: flex; gap: 0.625rem; align-items: flex-start; }
.consent label { font-weight: 400; color: var(--soft); white-space: pre-line; }
.consent input { width: 1.25rem; height: 1.25rem; margin: 0.125rem 0 0; flex: none; accent-color: var(--accent); }
.problem { margin-top: 1.25rem; padding: 0.75rem 1rem; border-radius: 0.625rem; background: var(--danger-wash); color: var(--danger); }
.trap { position: absolute; left: -10000px; width: 1px; height: 1px; overflow: hidden; }
button {
  min-height: 2.75rem;
  border: 0;
  border-radius: 0.625rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { filter: brightness(1.08); }
@media (max-width: 36rem) {
  body { background: var(--surface); }
  main { margin: 0; border: 0; border-radius: 0; }
}
`
