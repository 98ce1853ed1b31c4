export { createToolSearch, type Sought, type ToolSearch } from './search.ts'
