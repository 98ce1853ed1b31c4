/** Whose protocol a model speaks. `openai` is spoken by many: Ollama, vLLM and most gateways. */
export const vendors = ['openai', 'azure', 'google'] as const
export type Vendor = (typeof vendors)[number]

/** A model that may be asked, as settings say it. */
export interface ModelChoice {
  readonly id: string
  /** As people call it, in an answer's note too. */
  readonly name: string
  readonly vendor: Vendor
  /** The vendor's name for it; with Azure, the deployment. */
  readonly model: string
  readonly baseUrl: string
  /** Azure's `api-version`. */
  readonly apiVersion?: string
  readonly apiKey?: string
  /** The operator's own settings name it, so its host may be private. */
  readonly ofInstallation?: true
}

/** Where each vendor answers when nothing else is said; Azure's addresses are each customer's own. */
export const usualAddress = {
  openai: 'https://api.openai.com/v1',
  azure: undefined,
  google: 'https://generativelanguage.googleapis.com',
} as const satisfies Record<Vendor, string | undefined>

/** The first version of Azure's API with everything that is used here and no end in sight. */
export const usualAzureVersion = '2024-10-21'
