import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { folderFault, type Folder } from './folder.ts'
import { processIdentity } from './processIdentity.ts'
import { StartupFault } from './startupFault.ts'

/** Milliseconds. A process that was killed keeps its number until the system has taken its memory back. */
const dyingLasts = 2_000

/**
 * Makes this process the only owner of the folder, and returns how to give it up. The file `owner` names the process;
 * it is put in place whole, by a hard link that fails when another is there. One left by a dead process is set aside.
 */
export async function claimFolder(folder: Folder): Promise<() => Promise<void>> {
  const file = join(folder.root, 'owner')
  const mine = `${process.pid}\n${await processIdentity(process.pid)}\n`
  const draft = `${file}.${process.pid}`
  try {
    await writeFile(draft, mine, { mode: 0o600 })
    const until = Date.now() + dyingLasts
    while (!(await putInPlace(draft, file))) {
      await ownerEnds(file, until)
      await setAsideIfDead(file, folder)
    }
  } catch (error) {
    throw folderFault(folder.directory, error)
  } finally {
    await rm(draft, { force: true })
  }
  return () => giveUp(file, mine)
}

async function putInPlace(draft: string, file: string): Promise<boolean> {
  return link(draft, file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

/** Renaming first, then reading what was renamed, keeps two starters from throwing away each other's claim. */
async function setAsideIfDead(file: string, folder: Folder): Promise<void> {
  await refuseLiving(await read(file), folder)
  const aside = `${file}.old.${process.pid}`
  if (
    !(await rename(file, aside).then(
      () => true,
      () => false,
    ))
  )
    return
  try {
    await refuseLiving(await read(aside), folder)
  } catch (error) {
    await link(aside, file).catch(() => undefined)
    throw error
  } finally {
    await rm(aside, { force: true })
  }
}

/** Whoever kills TekUp and starts it again at once is not told that it still runs. */
async function ownerEnds(file: string, until: number): Promise<void> {
  while ((await livingOwner(await read(file))) && Date.now() < until) await setTimeout(20)
}

async function refuseLiving(claim: string, folder: Folder): Promise<void> {
  const owner = await livingOwner(claim)
  if (owner) throw new StartupFault('data_directory_in_use', { directory: folder.directory, process: owner })
}

async function livingOwner(claim: string): Promise<string | undefined> {
  const [pid, identity] = claim.split('\n')
  return pid && (await processIdentity(Number(pid))) === identity ? pid : undefined
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

async function giveUp(file: string, mine: string): Promise<void> {
  if ((await read(file)) === mine) await rm(file, { force: true })
}
