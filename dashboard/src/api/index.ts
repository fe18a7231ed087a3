export { ask, type Query, queryText } from './client.ts';
export { useRead, useSend } from './hooks.ts';
export { setMode, useMode } from './mode.ts';
export { ApiProblem, fieldErrorOf, isProblem, NoAnswer } from './problem.ts';
export { newIdempotencyKey } from './random.ts';
export {
  has,
  type Session,
  signOut,
  takeSession,
  takeStep,
  useActiveSession,
  useCan,
  useSession,
} from './session.ts';
