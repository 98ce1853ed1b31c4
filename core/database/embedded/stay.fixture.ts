import { startEmbedded, StartupFault } from './index.ts'

// A program that starts the server in the folder it is given, says so in one line of JSON, and stays until it is ended.
try {
  const { adminUrl } = await startEmbedded({ dataDirectory: process.argv[2]! })
  process.stdout.write(`${JSON.stringify({ adminUrl })}\n`)
  setInterval(() => undefined, 60_000)
} catch (error) {
  if (!(error instanceof StartupFault)) throw error
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`)
}
