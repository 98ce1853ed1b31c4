export { registerChat, type ChatParts } from './routes.ts'
export { chatPaths } from './documentation.ts'
