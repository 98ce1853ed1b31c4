import type { Attachment } from 'svelte/attachments'

/** How far from the end, in pixels, a reader still counts as reading the end. */
const near = 48

/**
 * Keeps a scrolling element at its end while it grows, and leaves it alone once the reader has scrolled up.
 * `onchange` hears whether the end is in view.
 */
export function stickToEnd(onchange: (atEnd: boolean) => void): Attachment<HTMLElement> {
  return (element) => {
    let atEnd = true
    const toEnd = () => atEnd && element.scrollTo({ top: element.scrollHeight })
    const onscroll = () => {
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < near
      onchange(atEnd)
    }
    const observer = new ResizeObserver(toEnd)
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    element.addEventListener('scroll', onscroll, { passive: true })
    toEnd()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onscroll)
    }
  }
}
