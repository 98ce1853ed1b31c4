export { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from './start.ts'
export { StartupFault, type StartupFaultCode } from './startupFault.ts'
