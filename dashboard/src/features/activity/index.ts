export { DeveloperButton, type DeveloperProps } from './developer-button.tsx';
export { EventType } from './event-type.tsx';
export { JsonBlock } from './json-block.tsx';
export { lastList, useNotedList } from './last-list.ts';
export { MetadataCard } from './metadata-card.tsx';
export { ObjectHeader } from './object-header.tsx';
export { ObjectLink } from './object-link.tsx';
export { pageOf } from './object-links.ts';
export { ObjectPage } from './object-page.tsx';
