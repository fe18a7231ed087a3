/** Asks the person for a factor again; resolves to whether it was given. */
export type AskPerson = (methods: readonly string[]) => Promise<boolean>;

let askPerson: AskPerson | undefined;
let asking: Promise<boolean> | undefined;

/** Names the dialog that asks. */
export function onStepUp(handler: AskPerson): () => void {
  askPerson = handler;
  return () => {
    askPerson = undefined;
  };
}

/** Several requests at once ask once. */
export async function confirmAgain(methods: readonly string[]): Promise<boolean> {
  if (askPerson === undefined) return false;
  asking ??= askPerson(methods).finally(() => {
    asking = undefined;
  });
  return asking;
}
