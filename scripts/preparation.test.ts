import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isInstalled, missingPackages, pinnedNode } from './installed.mjs'
import { installFault } from './npm.mjs'
import { checkNode } from './prepare.mjs'
import { run } from './run.mjs'
import { isComplete, summary } from './testReport.mjs'
import { isWebBuilt, noteWebBuilt, webFingerprint } from './webBuild.mjs'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tekup-prepare-'))
  await write('package-lock.json', lock({ 'node_modules/zod': { version: '4.6.7' } }))
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('packages', () => {
  const asked = {
    '': {},
    web: {},
    'node_modules/zod': { version: '2.0.0' },
    'node_modules/mac': { version: '1.0.0', optional: true },
  }

  test('are missing when they are absent or of another version', () => {
    expect(missingPackages(asked, {})).toEqual(['node_modules/zod'])
    expect(missingPackages(asked, { 'node_modules/zod': { version: '1.9.0' } })).toEqual(['node_modules/zod'])
  })

  test('are not missing when they are for another machine, or not asked for', () => {
    expect(
      missingPackages(asked, { 'node_modules/zod': { version: '2.0.0' }, 'node_modules/extra': {} }),
    ).toEqual([])
  })

  test('are installed once npm has written its list and the pinned Node is there, until the lockfile changes', async () => {
    expect(isInstalled(root)).toBe(false)
    await write('node_modules/.package-lock.json', lock({ 'node_modules/zod': { version: '4.6.7' } }))
    expect(isInstalled(root)).toBe(false)
    await write(pinnedNode, '')
    expect(isInstalled(root)).toBe(true)
    await write('package-lock.json', lock({ 'node_modules/zod': { version: '4.7.0' } }))
    expect(isInstalled(root)).toBe(false)
  })
})

describe('the web page', () => {
  beforeEach(async () => {
    await write('web/src/app.html', '<html>')
    await mkdir(join(root, 'web/build'), { recursive: true })
    noteWebBuilt(root, webFingerprint(root))
  })

  test('is not built again when only times, made files or nothing changed', async () => {
    await utimes(join(root, 'web/src/app.html'), 1, 1)
    await write('web/.svelte-kit/generated.js', 'x')
    expect(isWebBuilt(root)).toBe(true)
  })

  test.each([
    ['a changed source', 'web/src/app.html', '<html lang="da">'],
    ['a new source', 'web/src/new.svelte', ''],
    ['a changed lockfile', 'package-lock.json', '{}'],
  ])('is built again after %s', async (_, file, text) => {
    await write(file, text)
    expect(isWebBuilt(root)).toBe(false)
  })

  test('is built again when the build was thrown away', async () => {
    await rm(join(root, 'web/build'), { recursive: true })
    expect(isWebBuilt(root)).toBe(false)
  })
})

describe('a sentence', () => {
  test.each([
    ['npm error code ENOTFOUND\nnpm error network request failed', /connect to the network and start again/],
    ['npm error code ENOSPC', /disk is full: free about 1 GB/],
    ['npm error code EACCES', /cannot be written to: give this user access/],
    ['npm error code EUSAGE', /see what npm says below/],
  ])('says what to do when npm fails with %j', (said, sentence) => {
    expect(installFault(said).message.split('\n')[0]).toMatch(sentence)
  })

  test('says which Node is needed when this one is too old', () => {
    expect(() => checkNode('18.20.4')).toThrow(/needs Node.js 20 or newer to start, and this is 18.20.4/)
    expect(() => checkNode('20.0.0')).not.toThrow()
  })
})

describe('a program', () => {
  test('hands on its exit code, and the number of the signal that ended it', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(7)'])).toBe(7)
    expect(
      await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 5000)']),
    ).toBe(143)
  })
})

describe('the closing line of the tests', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numFailedTestSuites: 0,
  }

  test('is complete only when something ran and nothing failed or was left out', () => {
    expect(summary(report)).toBe('3 passed, 0 failed, 0 skipped')
    expect(isComplete(report)).toBe(true)
    for (const part of [
      { numFailedTests: 1 },
      { numPendingTests: 1 },
      { numTodoTests: 1 },
      { numFailedTestSuites: 1 },
      { numPassedTests: 0 },
    ])
      expect(isComplete({ ...report, ...part })).toBe(false)
  })
})

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

function lock(packages: Record<string, object>): string {
  return JSON.stringify({ packages })
}
