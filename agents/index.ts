export { createAgentRunner, type AgentRunner, type AgentRunnerParts } from './runner.ts'
