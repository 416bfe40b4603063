/** Without what is mistaken for something else when it is read from a screen: `0 O o 1 l I`. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 20;

/** A password for a new guest: about 115 bits from the browser's random numbers. */
export function generatePassword(): string {
  // Bytes at or above the last full multiple are thrown away, or the first letters would come more often.
  const limit = 256 - (256 % alphabet.length);
  let password = '';
  while (password.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < limit && password.length < LENGTH) password += alphabet.charAt(byte % alphabet.length);
    }
  }
  return password;
}
