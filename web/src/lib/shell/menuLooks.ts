/** How every menu of the app looks. Menus stay where they are written, and so within a landmark of the page. */
export const menuPanel =
  'z-50 min-w-52 rounded-xl border bg-raised p-1 shadow-large outline-none data-[state=open]:animate-[fade_100ms_ease-out]'
export const menuItem =
  'flex h-8 cursor-default items-center gap-2.5 rounded-lg px-2.5 text-base text-ink outline-none select-none data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:text-ink-faint'
export const menuHeading = 'px-2.5 pt-2 pb-1 text-xs font-medium text-ink-faint'
export const menuLine = 'my-1 h-px bg-line'
