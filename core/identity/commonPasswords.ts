/** Passwords of ten characters or more that stand at the top of leaked lists, and their Danish cousins. */
export const commonPasswords: ReadonlySet<string> = new Set([
  '1234567890', '0123456789', '9876543210', '0987654321', '1234567891', '12345678910', '123456789a', 'a123456789', '123456789q',
  '1q2w3e4r5t', '1qaz2wsx3edc', 'qwertyuiop', 'qwerty12345', 'qwerty123456', 'qwertyuiopå', 'asdfghjklæ', 'asdfghjklø', 'qwer1234qwer',
  'password12', 'password123', 'password1234', 'password12345', 'password123!', 'p@ssw0rd123', 'passw0rd123', 'mypassword', 'newpassword',
  'adgangskode', 'adgangskode1', 'adgangskode12', 'adgangskode123', 'kodeord123', 'kodeord1234', 'mitkodeord', 'hemmelighed', 'hemmeligt123',
  'iloveyou12', 'iloveyou123', 'jegelskerdig', 'letmein123', 'welcome123', 'welcome1234', 'velkommen1', 'velkommen12', 'velkommen123', 'velkommen2024',
  'velkommen2025', 'velkommen2026', 'sommer2024', 'sommer2025', 'sommer2026', 'vinter2024', 'vinter2025', 'vinter2026', 'danmark123', 'kobenhavn1',
  'københavn1', 'københavn123', 'fodbold123', 'football123', 'superman123', 'administrator', 'admin12345', 'admin123456', 'administrator1',
  'changeme123', 'test123456', 'testtest123', 'abc1234567', 'abcd123456', 'abcdefghij', 'qazwsxedcrfv', 'zaq12wsxcde3', 'michael123', 'basketball',
]) // prettier-ignore
