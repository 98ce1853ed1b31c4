import { z } from 'zod'
import { fail } from '../../../errors.ts'
import { operation } from '../../../operations/operation.ts'
import { plugin } from '../../../operations/plugin.ts'

const nothing = z.strictObject({})

/** The tools and prompts that the conformance suite looks for by name, as far as operations can be so named. */
export const diagnostics = plugin({
  name: 'test',
  version: '1.0.0',
  operations: [
    operation({
      name: 'test.simple.text',
      summary: 'Answer a text',
      effect: 'read',
      input: nothing,
      output: z.string(),
      run: () => 'This is a simple text response for testing.',
    }),
    operation({
      name: 'test.error.handling',
      summary: 'Refuse',
      effect: 'read',
      input: nothing,
      output: z.string(),
      run: () => fail('not_found'),
    }),
    operation({
      name: 'test.simple.prompt',
      summary: 'Be a prompt',
      effect: 'read',
      input: nothing,
      output: z.string(),
      run: () => '',
    }),
  ],
  locales: { da: words(), en: words() },
})

function words() {
  const each = {
    title: 'Test',
    doing: 'Testing',
    done: 'Tested.',
    phrases: ['This is a simple prompt for testing.'],
  }
  return { 'test.simple.text': each, 'test.error.handling': each, 'test.simple.prompt': each }
}
