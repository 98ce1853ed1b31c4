import type { Target } from '../contact.ts'

export type Source = 'google' | 'outlook' | 'hubspot' | 'generic'

/** An export of a known program: what gives it away, and where its headers mean other than the same words elsewhere. */
export interface KnownSource {
  readonly source: Exclude<Source, 'generic'>
  /** Keys (see `headerKey`) of which all of one row have to be there. */
  readonly signatures: readonly (readonly string[])[]
  /** The first that fits decides; null leaves the column out. */
  readonly rules: readonly (readonly [RegExp, Target | null])[]
}

export const knownSources: readonly KnownSource[] = [
  {
    // contacts.google.com, “Google CSV”; the older form says Given Name and Organization 1 - Name.
    source: 'google',
    signatures: [['e mail 1 value'], ['phone 1 value'], ['given name', 'family name', 'group membership']],
    rules: [
      [/^e mail \d+ value$/, 'email'],
      [/^phone \d+ value$/, 'phone'],
      [/^organization (?:\d+ )?name$/, 'company'],
      [/^organization (?:\d+ )?title$/, 'title'],
      [/^address 1 street$/, 'address'],
      [/^address 1 city$/, 'city'],
      [/^address 1 postal code$/, 'postcode'],
      [/^address 1 country$/, 'country'],
      [/ \d+ |^phonetic|^yomi|^name (?:prefix|suffix)$|^file as$|^nickname$/, null],
    ],
  },
  {
    // Outlook for Windows and outlook.com, in English and Danish. Its Title is Hr. or Dr., not a job.
    source: 'outlook',
    signatures: [
      ['e mail address', 'business phone'],
      ['e mail address', 'mobile phone', 'categories'],
      ['e mail address', 'business street'],
      ['e mail adresse', 'telefon arbejde'],
      ['e mail adresse', 'mobiltelefon', 'kategorier'],
      ['e mail adresse', 'gade arbejde'],
    ],
    rules: [
      [/^(?:title|titel)$/, null],
      [/^e mail \d (?:address|adresse)$/, 'email'],
      [/(?:display name|vist navn|type)$/, null],
      [/^(?:home|other) (?:street|address|city|postal|country|state|po box)/, null],
      [
        /^(?:gade|by|postnummer|land omrade|omrade).* privat$|^and(?:en|et) (?:gade|by|postnummer|land|omrade|adresse)/,
        null,
      ],
      [/^business street(?: [23])?$|^gade (?:[23] )?(?:arbejde|firma)$/, 'address'],
      [/^business postal code$/, 'postcode'],
      [
        /^(?:assistant|assistentens|manager|telex|callback|tilbagekald|pager|isdn|tty).*|po box|postboks| fax$|^fax/,
        null,
      ],
      [/^(?:account|konto|location|sted|government id number|se nr)$/, null],
    ],
  },
  {
    source: 'hubspot',
    signatures: [
      ['record id', 'contact owner'],
      ['record id', 'create date'],
      ['record id', 'lifecycle stage'],
      ['record id', 'last name', 'email'],
      ['post id', 'kontaktejer'],
      ['record id', 'kontaktejer'],
      ['record id', 'oprettelsesdato'],
      ['record id', 'efternavn', 'e mail'],
    ],
    rules: [
      [/^(?:record|post) id(?: contact| kontakt)?$/, 'externalId'],
      [/ ids?$/, null],
      [/^lead status$|^marketing|^lifecycle|^last activity|^original|^content/, null],
    ],
  },
]
