import { isGenerated, isScript, isTest, type Rule } from './source.ts';

const linesMax = 400;
const testLinesMax = 600;
const widthMax = 100;

const hasStyle = (path: string) => isScript(path) || /\.(css|sql)$/.test(path);
const long = (lines: number) => 'x\n'.repeat(lines);

export const fileLength: Rule = {
  name: `a file has at most ${linesMax} lines, a test ${testLinesMax}`,
  check: (sources) =>
    sources.flatMap(({ path, text }) => {
      if (isGenerated(path) || !hasStyle(path)) return [];
      const count = text.replace(/\n$/, '').split('\n').length;
      return count > (isTest(path) ? testLinesMax : linesMax) ? [`${path}: ${count} lines`] : [];
    }),
  bad: [{ 'server/src/a.ts': long(401) }, { 'server/src/a.test.ts': long(601) }],
  good: [{ 'server/src/a.ts': long(400), 'sdk/src/generated/types.ts': long(900) }],
};

export const lineLength: Rule = {
  name: `a line has at most ${widthMax} characters`,
  check: (sources) =>
    sources.flatMap(({ path, text }) => {
      if (isGenerated(path) || !hasStyle(path)) return [];
      return text.split('\n').flatMap((line, index) => {
        const isUrl = /https:\/\/\S{60,}/.test(line);
        return line.length > widthMax && !isUrl ? [`${path}:${index + 1}: ${line.length}`] : [];
      });
    }),
  bad: [{ 'server/src/a.ts': `// ${'a'.repeat(98)}` }],
  good: [{ 'server/src/a.ts': 'a'.repeat(100) }],
};
