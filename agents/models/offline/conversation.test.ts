import { describe, expect, test } from 'vitest'
import { company, me } from './evaluation/company.ts'

describe('the three main sentences', () => {
  test('are carried out in Danish', async () => {
    const { rows, conversation } = company()
    const say = conversation()
    const stale = await say('Hvilke kunder har vi ikke talt med i over en måned?')
    expect(stale.calls.map(([name]) => name)).toEqual(['crm_companies_list'])
    expect(stale.reply).toContain('| Havneby Tandklinik | Havneby | 1. sep. 2026')
    expect(stale.reply).not.toContain('Fjord IT')
    const created = await say('Opret Bente Skov hos Havneby Tandklinik, bente@havneby.example')
    expect(created.reply).toBe('Oprettede Bente Skov.')
    expect(rows['crm.contacts']).toContainEqual(expect.objectContaining({ name: 'Bente Skov', companyName: 'Havneby Tandklinik', emails: [{ address: 'bente@havneby.example' }] })) // prettier-ignore
    const moved = await say('flyt Havneby-aftalen til tilbud sendt')
    expect(moved.reply).toBe('Flyttede Rengøring Havneby fra Ny til tilbud sendt.')
  })

  test('are carried out in English', async () => {
    const { rows, conversation } = company()
    const say = conversation()
    const stale = await say("Which customers haven't we talked to in over a month?")
    expect(stale.reply).toContain('| Havneby Tandklinik | Havneby | 1 Sept 2026')
    const created = await say('Create Bente Skov at Havneby Tandklinik, bente@havneby.example')
    expect(created.reply).toBe('Created Bente Skov.')
    expect(rows['crm.contacts']?.at(-1)).toMatchObject({
      name: 'Bente Skov',
      companyName: 'Havneby Tandklinik',
    })
    const moved = await say('move the Havneby deal to proposal sent')
    expect(moved.reply).toBe('Moved Rengøring Havneby from Ny to proposal sent.')
  })
})

test.each([
  ["which clients haven't we spoken with for more than a month?", 'add Bente Skov from Havneby Tandklinik, bente@havneby.example', 'set the Havneby deal to proposal sent'],
  ['show me customers we have not talked to in over a month', 'create a contact called Bente Skov at Havneby Tandklinik, bente@havneby.example', 'push Havneby on to proposal sent'],
  ['hvem af vores kunder har vi ikke snakket med i mere end en måned', 'tilføj Bente Skov fra Havneby Tandklinik, bente@havneby.example', 'sæt Havneby-aftalen til tilbud sendt'],
])('are carried out in other words: %s', async (stale, create, move) => {
  const { rows, conversation } = company()
  const say = conversation()
  expect((await say(stale)).reply).toContain('| Havneby Tandklinik |')
  await say(create)
  expect(rows['crm.contacts']?.at(-1)).toMatchObject({ name: 'Bente Skov', companyName: 'Havneby Tandklinik', emails: [{ address: 'bente@havneby.example' }] })
  await say(move)
  expect(rows['crm.deals']?.[0]?.['stageName']).toMatch(/tilbud sendt|proposal sent/)
}) // prettier-ignore

test.each([
  ['hvor mange kontakter har vi hos Havneby Tandklinik?', 'Kontakter (2)'],
  ['how many contacts do we have at Havneby Tandklinik?', 'Contacts (2)'],
])('who asks how many there are is told of all pages: %s', async (asked, told) => {
  const { calls, reply } = await company().conversation()(asked)
  expect(calls.at(-1)).toEqual(['crm_contacts_list', { companyId: expect.any(String), count: true }])
  expect(reply).toContain(told)
})

describe('a follow-up', () => {
  test.each([
    ['hvem arbejder hos Havneby Tandklinik?', 'hvad med Fjord IT?', 'Peter Holm |'],
    ['who works at Havneby Tandklinik?', 'what about Fjord IT?', 'Peter Holm |'],
    ['who works at Havneby Tandklinik?', 'no, I meant Fjord IT', 'Peter Holm |'],
  ])('asks the last thing of somebody else: %s %s', async (first, next, told) => {
    const say = company().conversation()
    expect((await say(first)).reply).not.toContain(told)
    expect((await say(next)).reply).toContain(told)
  })

  test.each([
    ['flyt Havneby-aftalen til forhandling', 'nej vent, jeg mente tilbud sendt'],
    ['move the Havneby deal to negotiation', 'sorry, I meant tilbud sendt'],
  ])('corrects what was done: %s, %s', async (done, corrected) => {
    const { rows, conversation } = company()
    const say = conversation()
    await say(done)
    await say(corrected)
    expect(rows['crm.deals']?.[0]?.['stageName']).toBe('tilbud sendt')
  })

  test('never deletes another thing', async () => {
    const say = company().conversation()
    await say('slet kontakten Sofie Lund')
    expect((await say('og Peter Holm')).calls.map(([name]) => name)).not.toContain('crm_contacts_delete')
  })
})

describe('a conversation', () => {
  test('asks one short question for what is missing and takes the answer', async () => {
    const say = company().conversation()
    expect((await say('flyt Havneby-aftalen')).reply).toBe('Hvilken fase skal den flyttes til?')
    expect((await say('tilbud sendt')).reply).toBe('Flyttede Rengøring Havneby fra Ny til tilbud sendt.')
  })

  test('asks twice where two things are missing', async () => {
    const say = company().conversation()
    expect((await say('flyt en aftale')).reply).toBe('Hvilken aftale?')
    expect((await say('Serverdrift')).reply).toBe('Hvilken fase skal den flyttes til?')
    expect((await say('forhandling')).reply).toBe('Flyttede Serverdrift fra Ny til forhandling.')
  })

  test('asks which one where several match, and takes a place or a name', async () => {
    const say = company().conversation()
    const several = await say('flyt Fjord-aftalen til forhandling')
    expect(several.reply).toContain('1. Serverdrift (Fjord IT)')
    expect(several.reply).toContain('2. Vinduer Fjord (Fjord IT)')
    expect((await say('den anden')).reply).toBe('Flyttede Vinduer Fjord fra Ny til forhandling.')
    await say('flyt Fjord-aftalen til tilbud')
    expect((await say('Serverdrift')).reply).toBe('Flyttede Serverdrift fra Ny til tilbud.')
  })

  test('takes the one of exactly that name among several', async () => {
    const { calls } = await company().conversation()('hvad ved vi om Peter Holm?')
    expect(calls.at(-1)).toEqual(['crm_contacts_get', { id: '00000000-0000-4000-8000-000000000021' }])
  })

  test.each([
    ['Opret Bente Skov hos Havneby Tandklinik', 'glem det'],
    ['Opret Bente Skov hos Havneby Tandklinik', 'Nå, glem det bare!'],
    ['Create Bente Skov at Havneby Tandklinik', 'forget it'],
    ['Create Bente Skov at Havneby Tandklinik', 'Never mind.'],
  ])('takes nothing away: %s, %s', async (create, wave) => {
    const { rows, conversation } = company()
    const say = conversation()
    await say(create)
    expect(await say(wave)).toMatchObject({ reply: 'Okay.', calls: [] })
    expect(rows['crm.contacts']?.at(-1)).toMatchObject({ name: 'Bente Skov' })
  })

  test('refers back to what was spoken of', async () => {
    const { rows, conversation } = company()
    const say = conversation()
    await say('Opret Bente Skov hos Havneby Tandklinik')
    await say('skriv en note på hende: vil ringes op')
    const bente = rows['crm.contacts']?.at(-1)
    expect(rows['crm.notes']).toEqual([
      expect.objectContaining({ contactId: bente?.['id'], body: 'vil ringes op' }),
    ])
    await say('hvad er Havneby-aftalen værd?')
    expect((await say('flyt den til vundet')).reply).toBe('Flyttede Rengøring Havneby fra Ny til vundet.')
  })

  test.each([
    ['vis kontakten Sofie Lund', 'vis alle kontakter', 'hvad er hendes telefonnummer?', 'den anden'],
    ['show the contact Sofie Lund', 'show all contacts', 'what is her phone number?', 'the second one'],
  ])('asks whom is meant once several are shown: %s, %s, %s', async (one, all, who, second) => {
    const say = company().conversation()
    expect((await say(one)).reply).toContain('Sofie Lund')
    await say(all)
    const asked = await say(who)
    expect(asked.reply).toMatch(/\?$/)
    expect(asked.calls).toEqual([])
    expect((await say(second)).reply).toContain('Peter Holm')
  })

  test('means the person who writes by "mig" and "mine"', async () => {
    const { calls } = await company().conversation()('vis mine opgaver')
    expect(calls).toEqual([['crm_tasks_list', { ownerId: me.id }]])
  })

  test('offers to create a company that does not exist, and creates both when told so', async () => {
    const { rows, conversation } = company()
    const say = conversation()
    const asked = await say('Opret Ida Krogh hos Bageriet Solsikken')
    expect(asked.reply).toBe(
      'Jeg kan ikke finde “Bageriet Solsikken”. Skal jeg oprette “Bageriet Solsikken”?',
    )
    expect(rows['crm.contacts']?.some((row) => row['name'] === 'Ida Krogh')).toBe(false)
    await say('ja tak')
    expect(rows['crm.contacts']?.at(-1)).toMatchObject({
      name: 'Ida Krogh',
      companyName: 'Bageriet Solsikken',
    })
  })

  test('leaves the company out when told not to create it', async () => {
    const { rows, conversation } = company()
    const say = conversation()
    await say('create Ida Krogh at Sunflower Bakery')
    expect((await say('no')).reply).toBe('Created Ida Krogh.')
    expect(rows['crm.companies']).toHaveLength(2)
    expect(rows['crm.contacts']?.at(-1)).not.toHaveProperty('companyId')
  })

  test('does two things in one message, the second to what the first made', async () => {
    const { rows, conversation } = company()
    const { reply } = await conversation()(
      'opret Bente Skov hos Havneby Tandklinik og skriv en note på hende: ny kontakt',
    )
    expect(reply).toBe('Oprettede Bente Skov.\n\nSkrev noten.')
    expect(rows['crm.notes']?.[0]?.['contactId']).toBe(rows['crm.contacts']?.at(-1)?.['id'])
  })

  test('tells an error by its message and claims nothing', async () => {
    const { reply } = await company().conversation()('slet kontakten Sofie Lund')
    expect(reply).toBe('Det skal et menneske godkende.')
  })

  test('says that nothing was found, and does not act', async () => {
    const { reply, calls } = await company().conversation()('flyt Nordhavn-aftalen til vundet')
    expect(reply).toBe('Jeg kan ikke finde “Nordhavn”. Hvilken aftale?')
    expect(calls.every(([name]) => name === 'crm_deals_list')).toBe(true)
  })

  test('takes a clear new command rather than an answer, and lets a question go', async () => {
    const say = company().conversation()
    await say('flyt Havneby-aftalen')
    expect((await say('hvem arbejder hos Fjord IT?')).reply).toContain('Peter Holm')
    await say('flyt Havneby-aftalen')
    expect((await say('glem det')).reply).toBe('Så lader jeg det være.')
  })

  test('answers in the language of the message', async () => {
    const say = company().conversation()
    expect((await say('show open deals')).reply).toContain('| Deal | Company |')
    expect((await say('vis åbne aftaler')).reply).toContain('| Aftale | Firma |')
  })

  test('says what it can when it cannot help, and offers only what it was given', async () => {
    const say = company((operation) => operation.startsWith('crm.tasks')).conversation()
    expect((await say('hvordan bliver vejret i morgen?')).reply).toBe(
      'Det kan jeg ikke hjælpe med. Jeg kan blandt andet:\n- Vis opgaver · Opret en opgave · Afslut en opgave',
    )
    expect((await say('slet kontakten Sofie Lund')).reply).toContain(
      'Det har jeg ikke adgang til at gøre for dig: Slet en kontakt.',
    )
    expect((await say('hej')).reply).toBe('Hej! Hvad kan jeg hjælpe med?')
  })

  test('tries the company where no contact has the name', async () => {
    const { rows, conversation } = company()
    await conversation()('skriv en note på Fjord IT: skal have nyt tilbud')
    expect(rows['crm.notes']?.[0]).toMatchObject({ companyId: '00000000-0000-4000-8000-000000000011' })
  })
})
