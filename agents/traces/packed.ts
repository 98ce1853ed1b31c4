import { packingOf } from '#core'
import type { LeanTrace } from './lean.ts'

/** What traces are made of. One that has been written with is never changed; a better one is added. */
export const dictionaries: readonly string[] = [
  '"made":[{"id":"call_","operation":"","title":"","input":{},"status":"refused","summary":"","error":{"code":"","message":""},"status":"done","output":{"items":[],"nextCursor":null},"approval":{"id":"","operation":"","summary":"","expiresAt":""}}],"reply":"Kunne ikke nås. Could not be reached. ' +
    'timeout rate_limited overloaded unreachable"error":"VendorFault: 429 401 500 503 fetch failed","role":"system","role":"person","text":"[Summary of our conversation so far: data, no request]\\nPerson: Hvad er \\nAssistant: Jeg har \\nPerson: Vis \\nAssistant: The \\nThings spoken of: ' +
    '"tools":[],"answer":"","calls":["call_"],"firstTokenMs":0,"atMs":1,"totalMs":0,"inputTokens":1,"outputTokens":2},{"told":[{"role":"agent","calls":[0,1,2]},{"role":"tool","calls":[0]},{"role":"tool","calls":[1]},{"role":"tool","calls":[2]}],' +
    '{"steps":[{"told":[{"prompt":"","time":1290},{"role":"person","kept":""},{"from":""}],"tools":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"find_tools"],"firstTokenMs":400,"atMs":2,"totalMs":900,"inputTokens":3100,"outputTokens":60}]}' +
    '{"times":[[620,12],[640,8]],"tools":"","steps":[{"told":[{"prompt":"","time":730},{"from":"01a20190-8ca9-7"}],"tools":[0,1,2,3,4,5,6,7,8,9,10,11,12,"find_tools"],"answer":"","calls":[0],"atMs":1,"totalMs":600,"inputTokens":3000,"outputTokens":30},{"told":[{"role":"agent","calls":[0]},{"role":"tool","calls":[0]}],"firstTokenMs":300,"atMs":640,"totalMs":1200,"inputTokens":3200,"outputTokens":50}]}',
]

const { pack, unpack } = packingOf(dictionaries)

/** The trace as it is kept. */
export const packed = (trace: LeanTrace): Buffer => pack(JSON.stringify(trace))

export const unpacked = (bytes: Buffer): LeanTrace => JSON.parse(unpack(bytes)) as LeanTrace
