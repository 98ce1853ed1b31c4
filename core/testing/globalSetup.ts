import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

/** Three test files at a time may each run half a dozen processes, of up to 16 connections each, and look at what they did. */
const forManyProcesses = 400

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser address of the PostgreSQL that this test run started for itself. */
    adminUrl: string
  }
}

/**
 * One real PostgreSQL for the whole run; every test file makes a database of its own on it.
 * TEST_DATABASE_URL names another server to run on, as a role that may create databases and roles.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) {
    project.provide('adminUrl', given)
    return async () => undefined
  }
  const { startEmbedded } = await import('../database/embedded/index.ts')
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tekup-test-'))
  const server = await startEmbedded({ dataDirectory, connections: forManyProcesses })
  project.provide('adminUrl', server.adminUrl)
  return async () => {
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}
