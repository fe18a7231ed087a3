import type { Surroundings } from '../surroundings.ts';

const longest = 64 * 1024;

/**
 * What stands on standard input: from a terminal one line, from elsewhere all of it.
 *
 * @param question is shown on a terminal
 */
export async function readInput({ input, output }: Surroundings, question: string) {
  const isTerminal = Reflect.get(input, 'isTTY') === true;
  if (isTerminal) output.remark(question);
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString('utf8');
    if (text.length > longest) throw new RangeError('there is too much on standard input');
    if (isTerminal && text.includes('\n')) break;
  }
  return text;
}
