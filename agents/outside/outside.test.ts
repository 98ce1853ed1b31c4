import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toolNamed, type OutsideWorld } from '../testing/outsideServer.ts'
import { codeOf, outsideCompany, questionOf, type OutsideCompany } from './testWorld.ts'

let company: OutsideCompany
let outside: OutsideWorld
beforeAll(async () => {
  company = await outsideCompany()
  ;({ outside } = company)
})
afterAll(() => company.close())
beforeEach(() => company.begin())

describe('a server that a company adds', () => {
  test('has no word with an agent before an admin has approved just that', async () => {
    const { id } = await company.fetched()
    const [tool] = await company.tools()
    expect(tool).toMatchObject({ status: 'new', description: 'Says it again' })
    expect(await company.offered()).toEqual([])
    expect(await codeOf(company.run('agents.tools.call', { id: tool!.id }))).toBe('agents_tool_changed')
    expect(await codeOf(company.run('agents.tools.list', {}, company.agent()))).toBe('person_required')
    expect(await codeOf(company.run('agents.servers.approve', { id, hashes: ['a'.repeat(64)] }))).toBe('version_conflict') // prettier-ignore
    await company.run('agents.tools.approve', { id: tool!.id, hash: tool!.change!.hash })
    expect(await company.tools()).toMatchObject([{ status: 'ready', change: null }])
    expect((await company.offered()).map(({ name }) => name)).toEqual(['outsideWeather.tools.echo'])
  })

  test('cannot take the name of one of its tools for another', async () => {
    outside.tools = [toolNamed('get_page', 'Reads')]
    const { id } = await company.connected()
    outside.tools = [toolNamed('getPage', 'Came later'), toolNamed('get_page', 'Reads')]
    await company.run('agents.servers.refresh', { id })
    const names = (await company.tools()).map(({ name, operation }) => [name, operation])
    expect(Object.fromEntries(names)).toEqual({
      get_page: 'outsideWeather.tools.getPage',
      getPage: expect.stringMatching(/^outsideWeather\.tools\.getPage[0-9a-f]{6}$/),
    })
  })

  test('has its tools as operations of a domain of their own, that send and are not trusted', async () => {
    expect(await company.connected()).toMatchObject({ domain: 'outsideWeather', hasKey: true, readyTools: 1 })
    expect(await company.offered()).toMatchObject([
      {
        name: 'outsideWeather.tools.echo',
        tool: 'outsideWeather_tools_echo',
        effect: 'send',
        untrusted: true,
      },
    ])
    expect(await company.world.core.brought(randomUUID())).toEqual([])
  })

  test.each([
    ['both', '2026-07-28'],
    ['2025', '2025-11-25'],
  ] as const)('that speaks %s is spoken to in revision %s', async (speaks, revision) => {
    outside.speaks = speaks
    await company.connected()
    await company.rule({ effect: 'read' })
    outside.headers.length = 0
    expect((await company.use({ text: 'hello' }, company.agent())).value).toMatchObject({ text: '{"text":"hello"}' }) // prettier-ignore
    expect(outside.headers.at(-1)?.['mcp-protocol-version']).toBe(revision)
  })

  test('gets its key in a header, and nobody else sees it', async () => {
    outside.headers.length = 0
    const shown = JSON.stringify([await company.connected(), await company.run('agents.servers.list', {})])
    expect(
      outside.headers.every(({ authorization }) => authorization === 'Bearer secret-token-1234567890'),
    ).toBe(true)
    expect(shown).not.toContain('secret-token')
    const { rows } = await company.world.admin.query(
      `SELECT encode(key, 'escape') AS key FROM agents.servers`,
    )
    expect(JSON.stringify(rows)).not.toContain('secret-token')
  })

  test('keeps its key for its own host: another address needs the key anew', async () => {
    const { id } = await company.add()
    expect(
      await codeOf(company.run('agents.servers.update', { id, url: 'https://elsewhere.example/mcp' })),
    ).toBe('invalid_input')
  })

  test('is refused on a private address that the operator did not name, also by a redirect', async () => {
    const { id } = await company.add({ url: 'http://127.0.0.1:1/mcp' })
    expect(await codeOf(company.run('agents.servers.refresh', { id }))).toBe('egress_refused')
    const other = await company.add({ name: 'Other' })
    outside.way = (_, response) =>
      Boolean(response.writeHead(307, { Location: 'http://169.254.169.254/' }).end())
    expect(await codeOf(company.run('agents.servers.refresh', { id: other.id }))).toBe('egress_refused')
  })

  test('is set up, fetched and ruled on by people alone', async () => {
    const { id } = await company.connected()
    const [tool] = await company.tools()
    for (const [name, input] of [
      ['agents.servers.refresh', { id }],
      ['agents.tools.update', { id: tool!.id, effect: 'read' }],
      ['agents.tools.approve', { id: tool!.id, hash: 'a'.repeat(64) }],
      ['agents.tools.call', { id: tool!.id }],
    ] as const)
      expect(await codeOf(company.run(name, input, company.agent())), name).toBe('person_required')
  })
})

describe('what an agent may do with a tool', () => {
  test('is asked about when it sends, with the server, the tool and the whole input on the card', async () => {
    outside.tools = [
      toolNamed('echo', 'Says it again', { text: { type: 'string' }, version: { type: 'object' } }),
    ]
    await company.connected()
    const input = { text: 'thief@elsewhere.example', version: { hidden: false, list: [1, null] } }
    const id = await questionOf(company.use(input, company.agent()))
    const card = await company.run<{ summary: string; title: string; fields: { name: string; value: string }[] }>('platform.approvals.get', { id }) // prettier-ignore
    expect(card.summary).toContain(outside.host)
    expect(card.title).toContain('Weather')
    expect(Object.fromEntries(card.fields.map(({ name, value }) => [name, value]))).toEqual({
      text: 'thief@elsewhere.example',
      version: '{"hidden":false,"list":[1,null]}',
    })
    expect(outside.called).toEqual([])
    await company.run('platform.approvals.approve', { id })
    expect(outside.called).toEqual([{ name: 'echo', input }])
  })

  test('follows the effect that an admin gave it', async () => {
    await company.connected()
    await company.rule({ effect: 'read' })
    expect(await codeOf(company.use({ text: 'a' }, company.agent(true)))).toBe('done')
    await company.rule({ effect: 'write' })
    expect(await codeOf(company.use({ text: 'a' }, company.agent()))).toBe('done')
    expect(await codeOf(company.use({ text: 'a' }, company.agent(true)))).toBe('approval_required')
    await company.rule({ effect: 'destroy', trusted: true })
    expect((await company.offered())[0]).toMatchObject({ untrusted: false })
    expect(await codeOf(company.use({ text: 'a' }, company.agent()))).toBe('approval_required')
    await company.rule({ allowed: false })
    expect(await company.offered()).toEqual([])
  })

  test('is void when the tool became another between the yes and the doing', async () => {
    await company.connected()
    const id = await questionOf(company.use({ text: 'a' }, company.agent()))
    await company.rule({ effect: 'write' })
    expect(await company.run('platform.approvals.approve', { id })).toMatchObject({ status: 'void' })
    expect(outside.called).toEqual([])
  })
})

describe('a server whose tools change', () => {
  test('has them switched off until an admin approves just that change', async () => {
    const { id } = await company.connected()
    outside.tools = [toolNamed('echo', 'Sends it to a stranger'), toolNamed('more', 'Came later')]
    expect(await company.run('agents.servers.refresh', { id })).toMatchObject({
      readyTools: 0,
      waitingTools: 2,
    })
    const [changed, later] = await company.tools()
    expect(changed).toMatchObject({ status: 'changed', description: 'Says it again', change: { description: 'Sends it to a stranger' } }) // prettier-ignore
    expect(later).toMatchObject({ status: 'new' })
    expect(await company.offered()).toEqual([])
    expect(await codeOf(company.run('agents.tools.approve', { id: changed!.id, hash: 'b'.repeat(64) }))).toBe('version_conflict') // prettier-ignore
    await company.run('agents.tools.approve', { id: changed!.id, hash: changed!.change!.hash })
    expect((await company.offered()).map(({ name }) => name)).toEqual(['outsideWeather.tools.echo'])
    outside.tools = []
    await company.run('agents.servers.refresh', { id })
    expect((await company.tools())[0]).toMatchObject({ status: 'gone' })
  })

  test('is found out by a call, which is not made', async () => {
    await company.connected()
    await company.rule({ effect: 'read' })
    outside.tools = [toolNamed('echo', 'Sends it to a stranger')]
    expect(await codeOf(company.use({ text: 'a' }, company.agent()))).toBe('agents_tool_changed')
    expect(outside.called).toEqual([])
    expect((await company.tools())[0]).toMatchObject({ status: 'changed' })
    expect(await company.offered()).toEqual([])
  })
})
