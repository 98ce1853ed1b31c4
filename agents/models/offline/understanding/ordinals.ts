const places: readonly [RegExp, number][] = [
  [/^(?:den |the )?(?:foerste|first|oeverste|top)(?: one)?$/, 1],
  [/^(?:den |the )?(?:anden|second)(?: one)?$/, 2],
  [/^(?:den |the )?(?:tredje|third)(?: one)?$/, 3],
  [/^(?:den |the )?(?:fjerde|fourth)(?: one)?$/, 4],
  [/^(?:den |the )?(?:femte|fifth)(?: one)?$/, 5],
  [/^(?:den |the )?(?:sidste|nederste|last)(?: one)?$/, -1],
]

/** The place in a list that folded words name, from 1; -1 is the last: "den første", "nr. 2", "the last one". */
export function ordinalIn(spoken: string): number | undefined {
  const text = spoken.trim().replace(/[.!]$/, '')
  const figure = /^(?:nr\.?|nummer|number|no\.?|#)\s*(\d{1,2})$/.exec(text)?.[1]
  return figure ? Number(figure) : places.find(([pattern]) => pattern.test(text))?.[1]
}
