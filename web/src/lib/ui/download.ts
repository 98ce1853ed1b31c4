import { send } from '#lib/api/client.ts'

/** Lets the reader keep the file that an operation answers, under the name that the server gives it. */
export async function download(path: string, body: object): Promise<void> {
  const response = await send(path, { method: 'POST', headers: { accept: '*/*' }, body })
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '') ?? []
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = decodeURIComponent(name ?? 'tekup')
  link.click()
  URL.revokeObjectURL(address)
}
