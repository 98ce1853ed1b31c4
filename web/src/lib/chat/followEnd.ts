import type { Attachment } from 'svelte/attachments'

/** How far from the end, in pixels, a reader still counts as reading the end. */
const near = 48
/** Room, in pixels, that stays above a question when its answer has pushed it to the top. */
const above = 24

/**
 * Scrolls with an answer while it grows, until its question has come to the top: a long answer is then read from its
 * beginning. A reader who scrolls up is left alone. `onchange` hears whether the end is in view.
 */
export function followEnd(onchange: (atEnd: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    let following = true
    let lastTop = 0
    const isNearEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight < near
    const follow = () => {
      if (following) element.scrollTop = Math.min(endOf(element), questionTop(element))
      onchange(isNearEnd())
    }
    const onscroll = () => {
      // Growth alone moves the end away; only a reader moves the top up.
      if (element.scrollTop < lastTop - 1) following = false
      if (isNearEnd()) following = true
      lastTop = element.scrollTop
      onchange(isNearEnd())
    }
    const observer = new ResizeObserver(follow)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    element.addEventListener('scroll', onscroll, { passive: true })
    follow()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onscroll)
    }
  }
}

const endOf = (element: HTMLElement): number => element.scrollHeight - element.clientHeight

/** Where the last question stands at the top, in pixels of scroll. */
function questionTop(element: HTMLElement): number {
  const question = element.querySelector('article:last-of-type')
  if (!question) return Infinity
  const offset = question.getBoundingClientRect().top - element.getBoundingClientRect().top
  return element.scrollTop + offset - above
}
