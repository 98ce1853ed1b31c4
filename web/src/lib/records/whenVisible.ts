import type { Attachment } from 'svelte/attachments'

/** How far below the edge of the screen, so that the next rows are there before the reader is. */
const margin = '600px'

/** Calls back each time the element comes near the screen. */
export function whenVisible(callback: () => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && callback(), {
      rootMargin: margin,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }
}
