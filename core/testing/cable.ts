import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './freePort.ts'

/** A way to a server that a test may cut and mend. */
export interface Cable {
  /** The same as the server's address, over this cable. */
  readonly url: string
  /** Packets vanish: what is open neither answers nor is closed, and whoever comes new waits in vain. */
  silence(): void
  /** What is open breaks, and whoever comes new is refused. */
  refuse(): Promise<void>
  /** Whoever comes new reaches the server again; what was open is not heard of again, and the server has let go of it. */
  mend(): Promise<void>
  close(): Promise<void>
}

export async function cableTo(address: string): Promise<Cable> {
  const url = new URL(address)
  const there = { host: url.hostname, port: Number(url.port) }
  const [nearEnds, farEnds] = [new Set<Socket>(), new Set<Socket>()]
  const both = () => [...nearEnds, ...farEnds]
  let isSilent = false
  const server = createServer({ pauseOnConnect: true }, (near) => {
    keep(nearEnds, near)
    if (isSilent) return
    const far = connect(there)
    keep(farEnds, far)
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    near.resume()
  })
  const port = await freePort()
  await listen(server, port)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    silence: () => {
      isSilent = true
      // Neither end hears any more that the other has gone.
      for (const end of both()) end.unpipe().pause().removeAllListeners('close')
    },
    refuse: async () => {
      const refusing = new Promise((closed) => server.close(closed))
      for (const end of both()) end.destroy()
      await refusing
    },
    mend: async () => {
      for (const end of farEnds) end.destroy()
      isSilent = false
      if (!server.listening) await listen(server, port)
    },
    close: async () => {
      for (const end of both()) end.destroy()
      if (server.listening) await new Promise((closed) => server.close(closed))
    },
  }
}

function keep(ends: Set<Socket>, end: Socket): void {
  ends.add(end)
  end.on('error', () => undefined)
  end.once('close', () => ends.delete(end))
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}
