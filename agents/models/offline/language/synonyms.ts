import { fold } from './fold.ts'
import { stem } from './stem.ts'

/** Words of office language that mean nearly the same in either language; each line is one meaning. */
const meanings = [
  'opret lav tilføj registrer indtast indskriv ny nyt create add make new register enter',
  'vis se list find hent oversigt liste show see list find get display pull',
  'giv vis hent give show get',
  'søg find led slå search find look lookup',
  'flyt ryk skub sæt rykkes move push put shift advance set',
  'slet fjern smid delete remove drop erase',
  'ret ændr opdater skift rediger sæt update change edit modify set correct',
  'afslut færdiggør fuldfør luk klaret færdig complete finish done close completed finished',
  'omdøb rename kald',
  'notér noter note jot',
  'skriv write',
  'lav gør nå ordn do',
  'log registrer record log',
  'ring telefonér opkald ringet call phone ring called phoned',
  'vind vundet won win',
  'tab tabt mistet lose lost',
  'talt snakket kontaktet hørt talked spoken contacted heard spoke',
  'kunder firmaer virksomheder selskaber customers companies clients accounts businesses firms',
  'kunde firma virksomhed selskab customer company client account business firm',
  'kontakt kontaktperson person contact person people',
  'aftale handel salg salgsmulighed deal opportunity sale',
  'opgave todo gøremål task todo to-do',
  'huskeseddel påmindelse reminder remind husk mind remember',
  'møde meeting appointment',
  'mail e-mail email mailadresse mailadressen',
  'telefon telefonnummer mobil nummer phone number mobile',
  'beløb værdi pris amount value price worth',
  'frist deadline forfald due forfalder forfaldne overskredet overdue',
  'ansvarlig ejer owner responsible',
  'flet sammenlæg slå merge combine',
  'eksportér udtræk download export',
  'hos ved fra i',
  'på for til af',
  'at from in',
  'of for on to',
  'fase trin stadie stage step phase',
  'mærkat tag etiket label mærke',
  'person folk people',
  'afbryd stop stands annuller cancel abort halt drop',
  'fortsæt videre continue proceed carry resume genoptag kør run',
  'spær tilbagekald luk revoke block kill close',
  'tænd slået switched turned tændt slå switch turn',
  'logget signed logged log',
  'adresse address',
  'dubletter dobbeltgængere duplicates doubles',
  'ændret rettet changed edited',
  'overblik oversigt overview summary',
  'træk withdraw annuller cancel',
  'samtale chat conversation chats',
  'aktivitet historik activity history timeline aktiviteter',
  'åbn vis open show display',
  'udskyd skub vent flyt postpone delay defer push reschedule move',
  'tilbud offer quote proposal bid',
  'forsømt glemt neglected forgotten overset',
  'stille stå døde kolde stalled stuck idle quiet cold still stagnant standset',
  'sidst seneste sidste last latest recent nyeste newest',
  'medarbejder kollega ansat employee colleague staff bruger user',
  'adgang access login',
  'mobil mobile cell telefon phone nummer number tlf',
  'by city town',
  'godkend approve accepter accept',
  'afvis reject decline',
  'færdig done finished complete completed klaret ordnet sorted overstået lavet',
  'beløb sum amount total pris price værdi value',
  'markér mærk mark tag label',
  'importér indlæs import load',
  'assistent agent assistant bot',
  'ansvarlig overtag responsible charge owner ansvar',
  'gang arbejder working handling kører',
  'fejl error failed fejlet problem',
  'hukommelse memory remembered husket',
  'forbrug usage spending brugt spent udgift cost kostet koster costs',
  'loft cap limit grænse budget',
  'regler rules policy politik',
  'inviter invite indbyd',
  'besøg besøgt visit visited',
  'stilling titel title position job rolle role',
  'fase trin stage step status',
  'skifte skiftet ændret changed moved flyttet switched',
]

const groups = new Map<string, number[]>()
meanings.forEach((line, group) => {
  for (const word of new Set(line.split(' ').map((each) => stem(fold(each))))) {
    groups.set(word, [...(groups.get(word) ?? []), group])
  }
})

const members = meanings.map((line) => [...new Set(line.split(' ').map((word) => stem(fold(word))))])
const none: readonly string[] = []
const synonyms = new Map(
  [...groups].map(([word, of]) => [
    word,
    [...new Set(of.flatMap((group) => members[group] ?? []))].filter((other) => other !== word),
  ]),
)

/** The stems that mean nearly the same as this one. */
export const synonymsOf = (stemmed: string): readonly string[] => synonyms.get(stemmed) ?? none

/** The meanings that a stem has, by their numbers. */
export const meaningsOf = (stemmed: string): readonly number[] => groups.get(stemmed) ?? []
