import { isValidSlackRequest } from '@slack/bolt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signatureHeaders } from '../fake/index.ts'
import { isFromSlack } from './signature.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const body = `token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c`
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'
const timestamp = '1531420618'
const at = (seconds: number) => new Date((1_531_420_618 + seconds) * 1000)

describe('a signature of Slack’s', () => {
  test('is the one that Slack itself shows in its documentation', () => {
    expect(isFromSlack({ secret, body: Buffer.from(body), signature, timestamp }, at(0))).toBe(true)
  })

  test('holds for five minutes before and after our clock, and no longer', () => {
    const signed = { secret, body: Buffer.from(body), signature, timestamp }
    expect([-301, -300, 300, 301].map((seconds) => isFromSlack(signed, at(seconds)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('proves nothing where there is no secret, no signature, or a time that is none', () => {
    const signed = { secret, body: Buffer.from(body), signature, timestamp }
    expect(isFromSlack({ ...signed, secret: '' }, at(0))).toBe(false)
    expect(isFromSlack({ ...signed, signature: undefined }, at(0))).toBe(false)
    expect(isFromSlack({ ...signed, timestamp: `${timestamp}.0` }, at(0))).toBe(false)
    expect(isFromSlack({ ...signed, timestamp: 'NaN' }, at(0))).toBe(false)
  })

  test('is judged as Slack’s own library judges it, whatever the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(secret, 'another'), (text, key) => {
        const now = Math.floor(Date.now() / 1000)
        const headers = signatureHeaders(key, text, now)
        const ours = {
          secret,
          body: Buffer.from(text),
          signature: headers['x-slack-signature'],
          timestamp: String(now),
        }
        const theirs = { 'x-slack-signature': headers['x-slack-signature'], 'x-slack-request-timestamp': now }
        expect(isFromSlack(ours, new Date())).toBe(
          isValidSlackRequest({ signingSecret: secret, body: text, headers: theirs }),
        )
      }),
    )
  })
})
