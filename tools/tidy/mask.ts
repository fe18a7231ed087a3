/**
 * Blanks comments and the insides of strings, templates and regular expressions of TypeScript, so
 * that what remains is code. `${…}` inside templates is code again. Lengths and lines stay.
 */
export function maskCode(text: string): string {
  const state: State = { text, at: 0, out: '', braces: [] };
  while (state.at < text.length) step(state);
  return state.out;
}

type State = {
  text: string;
  at: number;
  out: string;
  /** Open `{` of code; `true` where it came from `${`. */
  braces: boolean[];
};

const blank = (part: string) => part.replace(/[^\n]/g, ' ');

function step(state: State): void {
  const rest = state.text.slice(state.at, state.at + 2);
  const char = rest.charAt(0);
  if (char === '/' && startsExpression(state.out) && !/^\/[/*]/.test(rest)) {
    skip(state, expression);
  } else if (Object.hasOwn(hidden, rest)) {
    skip(state, hidden[rest]);
  } else if (Object.hasOwn(hidden, char)) {
    skip(state, hidden[char]);
  } else if (char === '`' || (char === '}' && state.braces.pop() === true)) {
    template(state);
  } else {
    if (char === '{') state.braces.push(false);
    state.out += char;
    state.at += 1;
  }
}

/** What is skipped from where it begins. */
const hidden: Record<string, RegExp> = {
  '//': /\/\/[^\n]*/y,
  '/*': /\/\*[\s\S]*?(\*\/|$)/y,
  "'": /'(?:[^'\\\n]|\\[\s\S])*'?/y,
  '"': /"(?:[^"\\\n]|\\[\s\S])*"?/y,
};
const expression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|\//y;

function skip(state: State, pattern: RegExp | undefined): void {
  if (pattern === undefined) return;
  pattern.lastIndex = state.at;
  const part = pattern.exec(state.text)?.[0] ?? state.text.charAt(state.at);
  const isComment = /^\/[/*]/.test(part);
  const inside = part.length < 2 ? '' : blank(part.slice(1, -1));
  const shown = `${part.charAt(0)}${inside}${part.length < 2 ? '' : part.slice(-1)}`;
  state.out += isComment ? blank(part) : shown;
  state.at += part.length;
}

/** Blanks from a backtick, or from the `}` of an embedded expression, to the next of either. */
function template(state: State): void {
  const pattern = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{|$)/y;
  pattern.lastIndex = state.at;
  const [part = '`', end = ''] = pattern.exec(state.text) ?? [];
  if (end === '${') state.braces.push(true);
  state.out += `${part.charAt(0)}${blank(part.slice(1, part.length - end.length))}${end}`;
  state.at += part.length;
}

/** Whether a `/` here begins a regular expression, and neither divides nor closes an element. */
function startsExpression(before: string): boolean {
  const tail = before.slice(-40).trimEnd();
  return tail === '' || /[([{,;=:!&|?+\-*%>~^]$|\b(return|typeof|case|in|of|await)$/.test(tail);
}
