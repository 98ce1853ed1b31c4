export { agentsPlugin } from './plugin.ts'
export { createAgentRunner, type AgentRunner, type AgentRunnerParts } from './runner.ts'
