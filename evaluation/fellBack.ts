import { locales } from '#core'
import { sentences } from '../agents/sentences.ts'

const mark = '\u0000'

/** The words with which an answer says that the model it was asked of did not give it, without the model's name. */
const notes = locales.flatMap((locale) => {
  const { fellBack, leftMidway } = sentences[locale]
  const told = [fellBack([mark], undefined), fellBack([mark, mark], undefined), leftMidway([mark])]
  return told.map((text) => text.slice(text.lastIndexOf(mark) + mark.length).trim())
})

/** Whether the offline model answered for one that did not: what was understood is then not that model's. */
export const fellBackIn = (text: string): boolean => notes.some((note) => text.includes(note))
