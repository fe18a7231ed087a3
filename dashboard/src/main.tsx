import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { preloadFirstView, preloadPagesPointedAt } from './app/screens.tsx';
import { LoadingView } from './ui/waiting.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root');
const view = createRoot(root);
view.render(<LoadingView />);
preloadPagesPointedAt();
void preloadFirstView(location.pathname).then(() => {
  view.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
});
