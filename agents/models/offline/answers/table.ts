/** A small Markdown table; a cell keeps to its line and cannot become markup. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(headings), `|${' --- |'.repeat(headings.length)}`, ...rows.map(line)].join('\n')
}

const longestCell = 120

/** Outsiders' words are in here: no pipes, lines, HTML, links or images of theirs. */
function cell(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  const short = flat.length > longestCell ? `${flat.slice(0, longestCell - 1)}…` : flat
  return plainMarkdown(short)
}

export const plainMarkdown = (text: string): string => text.replace(/[\\|`*_[\]<>]/g, (mark) => `\\${mark}`)
