/** The only writer to the screen. Plain lines: a log or a pipe reads as well as a terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line about something wrong. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs `work` and, when it takes more than a second, says what we are waiting for. */
export async function phase<T>(what: string, work: Promise<T>): Promise<T> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (seconds === 1) say(`${what} …`);
    else if (seconds % 15 === 0) say(`  still at it after ${seconds} s`);
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
