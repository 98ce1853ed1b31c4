/** Keys and tokens as people paste them: OpenAI's and Google's, ours, JSON Web Tokens, bearer headers. */
const secrets =
  /\b(?:sk-[\w-]{16,}|AIza[\w-]{30,}|tk_[\w-]{16,}|(?:rt|inv)_[\w-]{40,}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})|(?<=\bBearer\s)[\w.~+/-]{16,}=*/g

/** The text as a trace may keep it: without anything that opens a door. */
export const scrubbed = (text: string): string => text.replace(secrets, '[secret]')
