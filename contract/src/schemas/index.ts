export * from './access.ts';
export * from './common.ts';
export * from './customers.ts';
export * from './internal.ts';
export * from './members.ts';
export * from './operator.ts';
export * from './payments.ts';
export * from './webhooks.ts';
