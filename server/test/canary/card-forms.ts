const groupings: Readonly<Record<number, readonly number[]>> = {
  14: [4, 6, 4],
  15: [4, 6, 5],
  16: [4, 4, 4, 4],
  19: [4, 4, 4, 4, 3],
};

/** The ways in which a card number could lie in bytes: each found by a plain search. */
export function cardForms(digits: string): Map<string, Buffer> {
  let at = 0;
  const parts = (groupings[digits.length] ?? []).map((length) => {
    at += length;
    return digits.slice(at - length, at);
  });
  const plain = Buffer.from(digits);
  const forms: [string, Buffer][] = [
    ['plain', plain],
    ['spaced', Buffer.from(parts.join(' '))],
    ['dashed', Buffer.from(parts.join('-'))],
    ['URL-encoded', Buffer.from(parts.join('%20'))],
    ['plus-encoded', Buffer.from(parts.join('+'))],
    ['UTF-16', Buffer.from(digits, 'utf16le')],
    ['spaced in UTF-16', Buffer.from(parts.join(' '), 'utf16le')],
    ['hex', Buffer.from(plain.toString('hex'))],
    ['packed decimal', Buffer.from(digits.padEnd(digits.length + (digits.length % 2), '0'), 'hex')],
    ['reversed', Buffer.from([...digits].reverse().join(''))],
  ];
  for (let shift = 0; shift < 3; shift += 1) {
    // Base64 depends on what stands before; only the characters that are ours alone are sought.
    const encoded = Buffer.concat([Buffer.alloc(shift, 'x'), plain]).toString('base64');
    const mine = encoded.slice(shift === 0 ? 0 : 4, -4);
    forms.push([`base64 at ${shift}`, Buffer.from(mine)]);
  }
  return new Map(forms);
}
