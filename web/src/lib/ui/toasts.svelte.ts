type Toast = { id: number; text: string }

const lifeInMilliseconds = 5_000
let next = 0

/** Short notices that something was done; they say nothing that the page does not also show. */
export const toasts = $state<Toast[]>([])

export function showToast(text: string) {
  const id = next++
  toasts.push({ id, text })
  setTimeout(() => dismissToast(id), lifeInMilliseconds)
}

function dismissToast(id: number) {
  const index = toasts.findIndex((toast) => toast.id === id)
  if (index >= 0) toasts.splice(index, 1)
}
