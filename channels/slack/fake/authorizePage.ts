import type { IncomingMessage, ServerResponse } from 'node:http'
import { decide, faultOfAuthorization, readAuthorization, type AuthorizationRequest } from './oauth.ts'
import type { World } from './world.ts'

/** The page on which a person allows the app into a workspace; the answer comes back in the same address. */
export function answerAuthorization(world: World, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', world.address)
  const asked = readAuthorization(url)
  const fault = faultOfAuthorization(world, asked)
  const decision = url.searchParams.get('decision')
  if (fault) return show(response, 400, `<h1>Something went wrong</h1><p>${escape(fault)}</p>`)
  if (!decision) return show(response, 200, question(world, asked, url))
  const user = world.workspace.user(url.searchParams.get('as') ?? '')
  const isAllowed = decision === 'allow'
  const orgWide = url.searchParams.get('org') === 'true'
  response
    .writeHead(302, { Location: decide(world, asked, { user, team: user.team, isAllowed, orgWide }) })
    .end()
}

function question(
  { app, workspace }: World,
  { scopes, userScopes, team }: AuthorizationRequest,
  url: URL,
): string {
  const people = workspace.users.filter((user) => user.kind === 'member' && (!team || user.team.id === team))
  const options = people.map(
    (user) => `<option value="${user.id}">${escape(`${user.realName} (${user.team.name})`)}</option>`,
  )
  const kept = [...url.searchParams].map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  )
  const name = escape(app.manifest.display_information.name)
  return `<h1>${name} wants to come into your workspace</h1>
    <p>It will be able to:</p><ul>${[...scopes, ...userScopes].map((scope) => `<li><code>${escape(scope)}</code></li>`).join('')}</ul>
    <form>${kept.join('')}
      <label>You are <select name="as">${options.join('')}</select></label>
      <button class="primary" name="decision" value="allow">Allow</button> <button name="decision" value="deny">Cancel</button>
    </form>`
}

function show(response: ServerResponse, status: number, content: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en">
    <meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Slack</title>
    <link rel="stylesheet" href="/page/page.css"><body class="authorize"><main>${content}</main></body></html>`)
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '')
