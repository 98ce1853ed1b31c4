import { Line } from '#core'
import type { StageInput } from './stages.ts'

/** The stages that a company begins with: how most small companies sell, in the words of both languages. */
export const standardStages: readonly StageInput[] = [
  {
    key: 'new',
    name: 'Ny',
    aliases: ['new', 'nyt emne', 'ny henvendelse', 'lead'],
    kind: 'open',
    probability: 10,
  },
  {
    key: 'contacted',
    name: 'Kontaktet',
    aliases: ['contacted', 'i dialog', 'in dialogue'],
    kind: 'open',
    probability: 25,
  },
  {
    key: 'meeting',
    name: 'Møde holdt',
    aliases: ['møde', 'meeting', 'meeting held', 'besigtiget'],
    kind: 'open',
    probability: 40,
  },
  {
    key: 'proposal_sent',
    name: 'Tilbud sendt',
    aliases: ['proposal sent', 'quote sent', 'offer sent', 'tilbud', 'tilbud afgivet', 'proposal', 'quote'],
    kind: 'open',
    probability: 60,
  },
  {
    key: 'negotiation',
    name: 'Forhandling',
    aliases: ['negotiation', 'forhandles', 'negotiating'],
    kind: 'open',
    probability: 80,
  },
  {
    key: 'won',
    name: 'Vundet',
    aliases: ['won', 'solgt', 'accepteret', 'closed won', 'sold'],
    kind: 'won',
    probability: 100,
  },
  {
    key: 'lost',
    name: 'Tabt',
    aliases: ['lost', 'afslag', 'closed lost', 'mistet'],
    kind: 'lost',
    probability: 0,
  },
]

export const standardPipelineName = 'Salg'

/** What the stages are mostly called, in either language; a pipeline may call its own anything. */
const usualNames = standardStages.flatMap(({ name, aliases = [] }) => [name, ...aliases])

/** A stage as people say it. */
export const StageName = Line.meta({ kind: 'stage', examples: usualNames })
