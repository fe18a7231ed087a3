export { Button, IconButton, LinkButton } from './button.tsx';
export { CodeBlock, CopyableId } from './code.tsx';
export { ConfirmDialog } from './confirm.tsx';
export { CopyButton } from './copy.tsx';
export { cx } from './cx.ts';
export { Dialog } from './dialog.tsx';
export {
  Checkbox,
  Choices,
  Field,
  type Option,
  Radio,
  SelectField,
  TextArea,
  TextField,
} from './field.tsx';
export { type Filter, FilterBar, useFilters } from './filters.tsx';
export { Form, type Values } from './form.tsx';
export {
  counted,
  DateTime,
  formatAgo,
  formatMoney,
  formatNumber,
  formatShare,
  Money,
  timeZone,
} from './format.tsx';
export { Icon, type IconName } from './icon.tsx';
export { ListBody } from './list-body.tsx';
export { LongText } from './long-text.tsx';
export { Menu, MenuChoices, MenuItem, MenuLine } from './menu.tsx';
export { NavTabs } from './nav-tabs.tsx';
export { NewPasswordField } from './new-password-field.tsx';
export { ErrorState, Notice, ProblemNotice, type Tone } from './notice.tsx';
export { PageHeader, usePageTitle } from './page.tsx';
export { Pagination, useCursor } from './pagination.tsx';
export { PasswordField } from './password-field.tsx';
export { Badge, type BadgeTone, Card, Details, EmptyState } from './surface.tsx';
export { type Column, Table } from './table.tsx';
export { Tabs } from './tabs.tsx';
export { toast } from './toast.tsx';
export { Tooltip } from './tooltip.tsx';
export { LoadingPage, LoadingRows, Progress, Skeleton, Spinner } from './waiting.tsx';
