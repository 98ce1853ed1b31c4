/** The part of autocannon's programmatic interface that the benchmarks use; it brings no types of its own. */
declare module 'autocannon' {
  export interface LoadRequest {
    readonly method?: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }

  export interface LoadClient {
    setRequests(requests: readonly LoadRequest[]): void
  }

  export interface LoadOptions {
    readonly url: string
    readonly connections: number
    /** Seconds. */
    readonly duration: number
    readonly setupClient?: (client: LoadClient) => void
  }

  export interface LoadResult {
    readonly requests: { readonly average: number; readonly total: number }
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number }
    readonly non2xx: number
    readonly errors: number
  }

  // oxlint-disable-next-line import/no-default-export -- autocannon is a function with a default export
  export default function autocannon(options: LoadOptions): Promise<LoadResult>
}
