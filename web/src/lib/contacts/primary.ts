import type { Contact } from '#lib/api/types.ts'

export function primaryEmail({ emails }: Contact): string | undefined {
  return (emails.find(({ primary }) => primary) ?? emails[0])?.address
}

export function primaryPhone({ phones }: Contact): string | undefined {
  return (phones.find(({ primary }) => primary) ?? phones[0])?.number
}

/** "+4512345678" → "+45 12 34 56 78"; other countries as they are. */
export function spacedPhone(number: string): string {
  const danish = /^\+45(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(number)
  return danish ? `+45 ${danish.slice(1).join(' ')}` : number
}
