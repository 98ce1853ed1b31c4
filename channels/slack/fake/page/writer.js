import { escape } from './text.js'

/** What an agent does in a thread, and the button that ends it. */
export function workingHtml(session, { app }) {
  const isWorking =
    session && (session.words || session.status === 'processing' || session.status === 'suspended')
  if (!isWorking) return ''
  const words =
    session.loading[0] ??
    (session.words || (session.status === 'suspended' ? 'waits for a person' : 'is working …'))
  const stop =
    session.status === 'processing' && app.canBeStopped
      ? `<button data-stop="${session.threadTs}">Stop</button>`
      : ''
  return `<div class="working"><span>${escape(app.name)} ${escape(words)}</span>${stop}</div>`
}

/** Where a person writes: with the commands and shortcuts of the app at hand. */
export function writerHtml(channel, thread, { app }, names, title) {
  const bot = `<button type="button" data-mention>@${escape(names(app.bot))}</button>`
  const shortcuts = app.shortcuts
    .filter(({ type }) => type === 'global')
    .map(
      (one) =>
        `<button type="button" data-shortcut="${escape(one.callback_id)}">${escape(one.name)}</button>`,
    )
  const commands = app.commands.map(
    ({ command }) => `<button type="button" data-command="${escape(command)}">${escape(command)}</button>`,
  )
  return `<form class="writer" data-thread="${thread}">
    <textarea rows="1" name="text" placeholder="${thread ? 'Reply…' : `Message ${title}`}" aria-label="${thread ? 'Reply' : 'Message'}"></textarea>
    <div>${channel.kind !== 'im' && channel.hasBot ? bot : ''}${thread ? '' : [...shortcuts, ...commands].join('')}
    <button type="submit" aria-label="Send">Send</button></div></form>`
}
