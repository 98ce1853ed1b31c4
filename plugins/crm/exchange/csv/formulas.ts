/**
 * Formula injection: a spreadsheet runs a cell that begins with = + - @ (OWASP, “CSV Injection”). On writing, such a
 * cell gets an apostrophe in front, which is how a spreadsheet itself marks text; on reading, that one apostrophe is
 * taken off again. A cell that already has apostrophes before such a character gets one more, so that the two are
 * exact opposites for every text.
 *
 * Phone numbers are no exception: Excel turns an unmarked +4520123456 into the number 4520123456 and loses the plus
 * when it saves, whereas '+4520123456 comes back whole.
 */
export const neutraliseFormula = (cell: string): string => (dangerous.test(cell) ? `'${cell}` : cell)

/** Undoes `neutraliseFormula`, and leaves every other cell as it is. */
export const restoreFormula = (cell: string): string => (neutralised.test(cell) ? cell.slice(1) : cell)

/** Also tab, line ends and the full-width forms, which some spreadsheets read over or convert. */
const dangerous = /^'*[=+\-@\t\r\n＝＋－＠]/
const neutralised = /^'+[=+\-@\t\r\n＝＋－＠]/
