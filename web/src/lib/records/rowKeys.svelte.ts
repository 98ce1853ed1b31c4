import { tick } from 'svelte'
import { isTyping } from '#lib/shell/shortcuts.ts'

type Rows = { count: () => number; open: (index: number) => void; search: () => void }

/** Walking a list by keyboard: j and k move, Enter opens, / goes to the search field. */
export class RowKeys {
  /** Index of the marked row; -1 when none is. */
  selected = $state(-1)
  readonly #rows: Rows

  constructor(rows: Rows) {
    this.#rows = rows
  }

  handle(event: KeyboardEvent) {
    if (isTyping(event)) return
    if (event.key === 'j' || event.key === 'k') {
      event.preventDefault()
      this.#move(event.key === 'j' ? 1 : -1)
    } else if (event.key === 'Enter' && this.selected >= 0 && event.target === document.body) {
      this.#rows.open(this.selected)
    } else if (event.key === '/') {
      event.preventDefault()
      this.#rows.search()
    }
  }

  async #move(by: number) {
    const last = this.#rows.count() - 1
    if (last < 0) return
    this.selected = Math.min(last, Math.max(0, this.selected + by))
    await tick()
    document.querySelector(`[data-index="${this.selected}"]`)?.scrollIntoView({ block: 'nearest' })
  }
}
