const longest = 60

/** A conversation is named by how it began: its first line, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n', 1)[0]!.replace(/\s+/g, ' ')
  if (line.length <= longest) return line
  const cut = line.slice(0, longest)
  const lastSpace = cut.lastIndexOf(' ')
  return `${cut.slice(0, lastSpace > 20 ? lastSpace : longest).toWellFormed()}…`
}
