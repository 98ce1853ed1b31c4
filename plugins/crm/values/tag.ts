import { refuse, shortText } from '#core'

/** A tag: one short line. Without `,` `;` and `:::`, so that a list of tags fits in one cell of a CSV file. */
export const Tag = shortText(60).check((context) => {
  if (tagSeparator.test(context.value)) {
    refuse(context, {
      da: 'Et mærkat må ikke indeholde komma, semikolon eller “:::”. Del det i flere mærkater',
      en: 'A tag must not hold a comma, a semicolon or “:::”. Make it several tags',
    })
  }
})

const tagSeparator = /[,;]|:::/
