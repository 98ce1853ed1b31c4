/** Words that carry little meaning of their own: skipping one costs next to nothing. Folded. */
const danish =
  'en et den det de der som at og i paa til for fra af med om hos ved er var har have vi jeg du os mig min mit mine ' +
  'vores din dit jer kan kunne vil ville skal skulle maa lige venligst gerne tak saa nu ogsaa bare her alle alt ' +
  'hej hvad hvem hvilke hvilken hvilket hvor hvornaar hvordan ikke over end mere under inden efter foer siden ' +
  'nogen noget nogle sig sin sit blive bliver blev faa faar fik give ud op ned ind ham hende hun han dem altsaa jo da ' +
  'vaer soed goer tage naeste sidste seneste denne dette disse stadig lige findes ligger staar hvorfor hvis man fortsat gaar ser'
const english =
  'a an the this that these those and or of to for from in on at with by is are was were be been has have had havent ' +
  "haven't hasnt hasn't we i you us me my mine our your he she it him her them they can could will would shall should " +
  'please just so now also here all any some do does did not no who what which where when how over than more under ' +
  "before after since about let lets let's thanks hi hey hello want need id i'd like there into as its it's next last still why whose going looking doing whats what's " +
  "i'm im i've ive i'll we've we're we'll he's she's they're they've that's there's here's don't doesn't didn't isn't aren't wasn't can't won't who's where's how's when's"

const marks = { da: new Set(danish.split(' ')), en: new Set(english.split(' ')) }

export const isFunctionWord = (word: string): boolean => marks.da.has(word) || marks.en.has(word)
export const isDanishFunctionWord = (word: string): boolean => marks.da.has(word)
export const isEnglishFunctionWord = (word: string): boolean => marks.en.has(word)

const questions = new Set(
  "hvad hvem hvilke hvilken hvilket hvor hvornaar hvordan hvorfor what which who whose how when where why whats what's".split(
    ' ',
  ),
)
/** A sentence that begins with one of these asks for something to be told. Folded. */
export const isQuestionWord = (word: string): boolean => questions.has(word)

const prepositions = new Set(
  'til fra hos ved med om i paa for af to from at with about in on of into as som by'.split(' '),
)
/** Small words that say how what follows belongs: leaving one out changes the sense. Folded. */
export const isPreposition = (word: string): boolean => prepositions.has(word)

/** A name or a title neither begins nor ends with one of these, and none stands inside a name. Folded. */
const linking = new Set(
  (
    'og til for fra af med om hos ved i paa er var har and or of to from in on at with by is are was as about ' +
    'som at der skal vil kan ikke called named hedder kaldet'
  ).split(' '),
)
export const isLinkingWord = (word: string): boolean => linking.has(word)

const articles = new Set(
  'en et den det de the a an this that these denne dette min mit mine my our vores'.split(' '),
)
export const isArticle = (word: string): boolean => articles.has(word)

/** Small words inside names: "Jens von der Recke". */
const particles = new Set('von van de der den du di da la le af bin al el'.split(' '))
export const isNameParticle = (word: string): boolean => particles.has(word)
