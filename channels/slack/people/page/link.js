// Asks whose the link is, and says that it is me once I press the button.
const danish = document.documentElement.lang === 'da'
const words = danish
  ? { question: '{name} ({email}) i Slack-workspacet {workspace}. Er det dig? Så handler du dér med dine egne rettigheder.', yes: 'Ja, det er mig', done: 'Så ved jeg, hvem du er. Skriv til mig i Slack.', failed: 'Der er ingen forbindelse. Prøv igen.' }
  : { question: '{name} ({email}) in the Slack workspace {workspace}. Is that you? Then you act there with your own rights.', yes: 'Yes, that is me', done: 'Now I know who you are. Write to me in Slack.', failed: 'There is no connection. Try again.' } // prettier-ignore
const text = /** @type {HTMLElement} */ (document.getElementById('text'))
// Through the sign-in it is kept in this tab: in an address it would stand in logs.
const kept = 'tekup.slackLink'
const link = location.hash.slice(1) || (sessionStorage.getItem(kept) ?? '')
sessionStorage.setItem(kept, link)
history.replaceState(null, '', location.pathname)

/** @param {string} what */
const ask = async (what) => {
  const answer = await fetch(`/api/v1/slack/links/${what}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF': '1', 'Accept-Language': danish ? 'da' : 'en' },
    body: JSON.stringify({ link }),
  })
  if (answer.status === 401) location.href = `/login?next=${encodeURIComponent(location.pathname)}`
  const body = await answer.json()
  if (!answer.ok) throw new Error(body.error.message)
  return body
}

/** @param {unknown} error */
const say = (error) => {
  text.textContent = error instanceof TypeError ? words.failed : /** @type {Error} */ (error).message
}

try {
  const { name, email, workspaceName } = await ask('open')
  text.textContent = words.question.replace('{name}', name).replace('{email}', email ?? '–').replace('{workspace}', workspaceName) // prettier-ignore
  const button = document.createElement('button')
  button.textContent = words.yes
  button.addEventListener('click', async () => {
    button.disabled = true
    await ask('confirm').then(() => {
      sessionStorage.removeItem(kept)
      button.remove()
      text.textContent = words.done
    }, say)
  })
  text.after(button)
} catch (error) {
  say(error)
}
