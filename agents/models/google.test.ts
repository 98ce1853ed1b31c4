import { describeModelProvider } from '../testing/describeModelProvider.ts'
import { geminiProtocol } from '../testing/geminiProtocol.ts'

describeModelProvider(geminiProtocol)
