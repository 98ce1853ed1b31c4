import { fold } from './fold.ts'

/** Given names that are common in Denmark and in English, by which a person shows where nobody is known yet. */
const given =
  'adam agnete alexander alma amalie anders andreas ane anna anne annette anton arne asger astrid august bent bente ' +
  'birgit birgitte birthe bjarne bo brian britta camilla carl caroline charlotte christian christina christoffer ' +
  'claus clara daniel david dorte dorthe ebbe elias ella elin elisabeth ellen else emil emilie emma erik erling esben ' +
  'eva flemming freja frederik frida gitte greta grethe gunnar hanne hans harald helle henrik henriette holger ida ' +
  'inge inger ingrid isabella iben jacob jakob jan jane janne jens jeppe jesper jette johan johanne johannes john ' +
  'jonas julie jytte jørgen jørn kaj karen karin karl karla karsten kasper katrine kenneth kim kirsten kirstine klaus ' +
  'knud kristian kristina kristoffer kurt laila lars lasse laura laurits leif lena lene line lis lisbeth liv lone lotte ' +
  'louise lucas lukas lærke mads magnus maja malene maria marianne marie mariann martin mathias mathilde mette mia ' +
  'michael mikkel mogens morten nanna natalie nicolai niels nikolaj nina noah ole olga oliver oscar oskar otto palle ' +
  'paul per pernille peter pia poul preben rasmus rikke robert rolf rune sanne sara sebastian signe sigrid silje simon ' +
  'sine sofia sofie steen stine susanne svend sven søren tage theo thomas thor thorkild tim tina tobias tom tommy torben ' +
  'tove trine troels ulla ulrik valdemar vera vibeke victor viggo viktor vivi winnie yrsa aage åse ' +
  'alan albert alice amanda amy andrew angela anthony arthur barbara ben benjamin betty bob brenda bruce carol ' +
  'catherine charles chloe chris christine christopher claire colin craig darren dave deborah debra denise diana ' +
  'donald donna dorothy doris douglas edward eleanor elizabeth emily eric ethan evelyn fiona florence frances frank ' +
  'gareth gary george gemma gordon grace graham harriet harry hazel heather helen henry hugh ian isaac jack jacqueline ' +
  'james jamie janet jason jeff jennifer jenny jeremy jessica jim joan joanna joe jordan joseph joshua joyce judith ' +
  'julia justin karl kate katherine kathleen keith kelly kerry kevin kyle leo leon lewis liam linda lisa lucy luke ' +
  'margaret mark mary matthew megan melissa mike mohamed mohammed molly nancy naomi nathan neil nicholas nick nicola ' +
  'nigel nora norman olivia omar owen pamela patricia patrick pauline philip phil rachel ralph raymond rebecca rhys ' +
  'richard rob roger ron rosie roy russell ruth ryan sally sam samuel sandra sarah scott sean sharon shaun sheila ' +
  'shirley simone sophie stephanie stephen steve steven stuart sue susan sylvia teresa terry tony tracy trevor vanessa ' +
  'victoria vincent walter wendy william zoe ali ahmed fatima hassan ibrahim aisha yusuf maryam'
/** Words that firms carry in their names: what they are in law, and what they do. */
const ofFirms =
  'a/s aps i/s k/s p/s ivs amba fmba ltd limited inc llc plc gmbh ab oy group gruppen holding company co firma brothers brdr ' +
  'advokat advokater advokaterne advokatfirma arkitekt arkitekter architects auto autoværksted bageri bageriet bakery ' +
  'bank biler biograf bryggeri brewery byg cafe café cars catering center centret centre cinema clinic consult consulting ' +
  'cykler design dental dyreklinik ejendomme electric elektro elektriker energi entreprise fabrik fabrikken farm ' +
  'fitness fitnesscenter fodterapi foods forsikring forlag frisør frisører fysioterapi gallery galleri garage gartneri gym ' +
  'hair handel hospital hostel hotel hotellet hus huset industri industries interiør invest it kaffehuset kiropraktor ' +
  'klinik klinikken kontor kro kroen law lawyers legal logistik logistics læge lægehus lægerne marketing maskiner media ' +
  'medie menuiserie mode motor murer møbler museum nursery børnehave børnehaven optician optik plumbing press print ' +
  'privathospital properties rejser rengøring restaurant restauranten revision revisorer realty salon school ' +
  'service services shipping shop skole skolen smedje software solutions spa sport sports spedition studio supermarked ' +
  'systems tandklinik tandlæge tandlægerne teater tech teknik theatre tømrer tømrerfirma trading transport travel ' +
  'trykkeri vask vinduer vvs værksted værkstedet vuggestue workshop works'

const wordsOf = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(fold))
const [givenNames, firmWords] = [wordsOf(given), wordsOf(ofFirms)]
/** "murerfirma", "børnetandklinik": the last part of a compound tells what it is. */
const compound = new RegExp(`.(?:${[...firmWords].filter((word) => word.length > 4).join('|')})$`)

/** Whom words with capitals look like: a firm by what it does or is, a person by the given name; else it does not show. */
export function lookOf(words: readonly string[]): 'person' | 'firm' | undefined {
  if (words.some(isOfFirm)) return 'firm'
  return words.length > 0 && words.length <= mostNames && isGiven(words[0] as string) ? 'person' : undefined
}

const mostNames = 4

function isOfFirm(word: string): boolean {
  const bare = word.replace(/(?:'s|s')$/, '').replace(/^.*-/, '')
  return firmWords.has(bare) || compound.test(bare)
}

function isGiven(word: string): boolean {
  const [first = ''] = word.replace(/'s$/, '').split('-')
  return givenNames.has(first) || (first.endsWith('s') && givenNames.has(first.slice(0, -1)))
}
